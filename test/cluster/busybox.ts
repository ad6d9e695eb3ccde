import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {promisify} from 'node:util';
import {imageArchive, type ImageConfig} from './image.ts';
import type {TarEntry} from './tar.ts';

const run = promisify(execFile);
const places = ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox', '/bin/busybox-static'];

/**
 * The path of a `docker save` archive with this machine's static busybox and a link for each of its applets
 * (sh, sleep, echo, cat, wget, httpd, nc and the rest), for `crane push`. Unless `config` says otherwise it has no entry point, and its command is sh.
 */
export async function busyboxArchive(config: ImageConfig = {Cmd: ['sh'], Env: ['PATH=/bin']}): Promise<string> {
  const found = await staticBusybox();
  if (found === undefined) throw new Error('A static busybox is needed to make an image from: apt-get install busybox-static');
  return imageArchive('docker.io/library/busybox:1', await layer(found.place, found.content), config);
}

/** This machine's busybox, if it has one that needs no libraries. */
export async function staticBusybox(): Promise<{readonly place: string; readonly content: Buffer} | undefined> {
  for (const place of places) {
    const content = await readFile(place).catch(() => undefined);
    if (content !== undefined && isStatic(content)) return {place, content};
  }
  return undefined;
}

async function layer(place: string, content: Buffer): Promise<readonly TarEntry[]> {
  const {stdout} = await run(place, ['--list']);
  const applets = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  const root = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';
  return [
    ...['bin', 'etc', 'root', 'var', 'proc', 'sys', 'dev'].map((path) => ({type: 'folder', path}) as const),
    {type: 'folder', path: 'tmp', mode: 0o1777},
    {type: 'file', path: 'etc/passwd', content: Buffer.from(root)},
    {type: 'file', path: 'etc/group', content: Buffer.from('root:x:0:\nnogroup:x:65534:\n')},
    {type: 'file', path: 'bin/busybox', content, mode: 0o755},
    ...applets.map((name) => ({type: 'link', path: `bin/${name}`, target: 'busybox'}) as const),
  ];
}

/** A dynamic program names its loader near its start; it would not run in an image that has nothing else. */
function isStatic(program: Buffer): boolean {
  const start = program.subarray(0, 4096);
  return !start.includes('/ld-linux') && !start.includes('/ld-musl') && !start.includes('/ld64.so');
}

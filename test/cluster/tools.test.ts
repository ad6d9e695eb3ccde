import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {isOlder} from './go-build.ts';
import {run} from './run.ts';
import {tool} from './tools.ts';
import {until} from './until.ts';

const build = path.join(import.meta.dirname, 'build.ts');

test('two processes that want the same tools build them once', async (t) => {
  const cache = await temporary();
  const results = await Promise.all([1, 2].map(() => run(process.execPath, [build, 'pause'], withCache(cache))));
  t.deepEqual(
    results.map(({code}) => code),
    [0, 0],
  );
  t.is(results.filter(({stderr}) => stderr.includes('pause: built')).length, 1);
  t.is((await tools(cache)).length, 1);
});

test('a build that is killed leaves nothing half made, and the next one succeeds', async (t) => {
  const cache = await temporary();
  // A compiler that never ends stands in for a long build.
  const bin = await fakeGo('case "$1" in env) echo go1.99.0;; *) exec sleep 300;; esac');
  const child = spawn(process.execPath, [build, 'pause'], {
    env: {...withCache(cache), PATH: `${bin}:/usr/bin:/bin`},
    stdio: 'ignore',
    detached: true,
  });
  await until('the build has begun', async () => (await tools(cache)).some((name) => name.endsWith('.half')), {seconds: 20});
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await once(child, 'exit');
  t.false((await tools(cache)).some((name) => /^pause-local-[0-9a-f]+$/.test(name)));

  const next = await run(process.execPath, [build, 'pause'], withCache(cache));
  t.is(next.code, 0, next.stderr);
  const [folder, ...others] = await tools(cache);
  t.regex(folder ?? '', /^pause-local-[0-9a-f]+$/);
  t.deepEqual(others, []);
});

test('without Go the error says what is needed', async (t) => {
  const {code, stderr} = await run(process.execPath, [build, 'pause'], {...withCache(await temporary()), PATH: '/nowhere'});
  t.not(code, 0);
  t.regex(stderr, /Go 1\.26\.0 or newer builds .* there is no go on PATH/);
});

test('with a Go that is too old the error says so', async (t) => {
  const bin = await fakeGo('echo go1.20.14');
  const {code, stderr} = await run(process.execPath, [build, 'pause'], {...withCache(await temporary()), PATH: `${bin}:/usr/bin:/bin`});
  t.not(code, 0);
  t.regex(stderr, /Go 1\.26\.0 or newer .*; found 1\.20\.14/);
});

test("envtest's variables name programs that are there already", async (t) => {
  const assets = await temporary();
  await symlink('/bin/true', path.join(assets, 'kubectl'));
  const print = `import('${path.join(import.meta.dirname, 'tools.ts')}').then(async ({tool}) => console.log(await tool('kubectl'), await tool('etcd')))`;
  const env = {...withCache(assets), KUBEBUILDER_ASSETS: assets, TEST_ASSET_ETCD: '/bin/true'};
  const {stdout} = await run(process.execPath, ['-e', print], env);
  t.is(stdout, `${assets}/kubectl /bin/true\n`);
  const wrong = await run(process.execPath, ['-e', print], {...env, TEST_ASSET_ETCD: '/bin/not-there'});
  t.regex(wrong.stderr, /TEST_ASSET_ETCD names \/bin\/not-there, which is not there/);
});

test('a name that is no tool is refused', async (t) => {
  await t.throwsAsync(tool('docker'), {message: 'No tool is called docker.'});
});

test('versions of Go are compared as numbers', (t) => {
  t.true(isOlder('1.9.7', '1.26.0'));
  t.true(isOlder('1.26rc1', '1.26.1'));
  t.false(isOlder('1.26.0', '1.26.0'));
  t.false(isOlder('1.27.1 X:something', '1.26.0'));
});

const folders: string[] = [];
test.after.always(async () => {
  await Promise.all(folders.map((folder) => rm(folder, {recursive: true, force: true})));
});

async function temporary(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drayage-tools-'));
  folders.push(folder);
  return folder;
}

function withCache(cache: string): NodeJS.ProcessEnv {
  const {KUBEBUILDER_ASSETS: _, ...env} = process.env;
  return {...env, DRAYAGE_CACHE: cache};
}

async function tools(cache: string): Promise<readonly string[]> {
  return readdir(path.join(cache, 'tools')).catch(() => []);
}

async function fakeGo(script: string): Promise<string> {
  const bin = path.join(await temporary(), 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'go'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(bin, 'go'), 0o755);
  return bin;
}

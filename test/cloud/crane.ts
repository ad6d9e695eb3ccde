import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {tool} from '../cluster/tools.ts';
import type {Cloud} from './cloud.ts';

/** Runs crane against the cloud's registry, logged in with this token (`authorizationToken` as ECR gives it). Its standard output. */
export async function crane(cloud: Cloud, token: string, args: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'drayage-crane-'));
  try {
    await writeFile(join(home, 'config.json'), JSON.stringify({auths: {[hostOf(cloud)]: {auth: token}}}), {mode: 0o600});
    const env = {PATH: process.env['PATH'] ?? '', HOME: home, DOCKER_CONFIG: home};
    const {stdout} = await promisify(execFile)(await tool('crane'), [...args], {env});
    return stdout.trim();
  } finally {
    await rm(home, {recursive: true, force: true});
  }
}

/** Pushes an image of one layer, with one file `/content`, as `<repository>:<tag>`. Its digest. */
export async function pushImage(cloud: Cloud, token: string, repository: string, tag: string, content: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'drayage-layer-'));
  try {
    await mkdir(join(home, 'root'));
    await writeFile(join(home, 'root', 'content'), content);
    const layer = join(home, 'layer.tar');
    // Without the time, so that the same content is the same image a second later.
    await promisify(execFile)('tar', ['-C', join(home, 'root'), '--mtime=@0', '-cf', layer, 'content']);
    const reference = `${hostOf(cloud)}/${repository}`;
    await crane(cloud, token, ['append', '--oci-empty-base', '-f', layer, '-t', `${reference}:${tag}`]);
    return await crane(cloud, token, ['digest', `${reference}:${tag}`]);
  } finally {
    await rm(home, {recursive: true, force: true});
  }
}

/** Host and port of the cloud's registry, as crane names it. */
export function hostOf(cloud: Cloud): string {
  return new URL(cloud.registryUrl).host;
}

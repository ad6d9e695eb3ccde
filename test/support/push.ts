import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import type {Cloud} from '../cloud/start.ts';
import {busyboxArchive} from '../cluster/busybox.ts';
import type {ImageConfig} from '../cluster/image.ts';
import {tool} from '../cluster/tools.ts';

const run = promisify(execFile);

/** Pushes a busybox as a person would: log in with an authorization token, push. `name` is `repository:tag`. */
export async function pushBusybox(cloud: Cloud, name: string, config?: ImageConfig): Promise<void> {
  const crane = await tool('crane');
  const archive = await busyboxArchive(config);
  const {username, password} = await loginTo(cloud);
  const {host} = new URL(cloud.registryUrl);
  // Credentials of its own, so that the person's are left alone.
  const DOCKER_CONFIG = await mkdtemp(path.join(tmpdir(), 'drayage-push-'));
  const env = {PATH: process.env['PATH'], HOME: DOCKER_CONFIG, DOCKER_CONFIG};
  try {
    await run(crane, ['auth', 'login', host, '-u', username, '-p', password, '--insecure'], {env});
    await run(crane, ['push', '--insecure', archive, `${host}/${name}`], {env});
  } finally {
    await rm(DOCKER_CONFIG, {recursive: true, force: true});
  }
}

/** What an authorization token says, decoded. */
export async function loginTo(cloud: Cloud): Promise<{readonly username: string; readonly password: string}> {
  const {authorizationData} = await cloud.ecr.send(new GetAuthorizationTokenCommand({}));
  const [username = '', ...password] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':');
  return {username, password: password.join(':')};
}

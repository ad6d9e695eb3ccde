import {randomBytes} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {tool} from '../cluster/tools.ts';
import {cloudOf} from './cloud.ts';
import type {Cloud, CloudRecord} from './cloud.ts';
import type {GatewayConfig} from './gateway/context.ts';
import {anyAlive, freePort, killMarked, processGroup} from './processes.ts';
import type {ProcessGroup} from './processes.ts';
import {pythonBin} from './python.ts';

export type {Cloud} from './cloud.ts';
export {fingerprint} from './gateway/tokens.ts';
export type {Credentials} from './sign.ts';

export interface CloudOptions {
  /** Life of an ECR token; 12 hours as in ECR. */
  readonly tokenSeconds?: number;
  /** Whether ECR calls are checked for signature, session and policy; true. False spares a bench that check's time. */
  readonly enforce?: boolean;
  /** An OIDC provider to register at once. */
  readonly oidc?: {readonly issuer: string};
  /** Lives on after this process; `directory` is where, and `stopCloud(directory)` ends it. */
  readonly detached?: boolean;
  /** An empty or absent folder for logs and data; a temporary one where left out. */
  readonly directory?: string;
}

const accountId = '123456789012';
const region = 'us-east-1';
const recordFile = 'cloud.json';

/**
 * Starts moto, ministack, the registry and the gateway on free ports of 127.0.0.1. Nothing of them is left after `stop()`, after
 * a start that failed, or after the end of this process, unless `detached`.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const [bin, registry] = await Promise.all([pythonBin(), tool('registry')]);
  const directory = await folder(options);
  const group = processGroup(directory);
  try {
    const record = await startAll(group, directory, {bin, registry}, options);
    if (options.detached === true) group.release();
    const cloud = cloudOf(record, () => (options.detached === true ? stopCloud(directory) : group.stop()));
    if (options.oidc) await cloud.registerIssuer(options.oidc.issuer);
    return cloud;
  } catch (error) {
    await group.stop();
    throw error;
  }
}

/** The cloud that another process started with `detached` in this directory. */
export async function openCloud(directory: string): Promise<Cloud> {
  const record = await readRecord(directory);
  if (!record) throw new Error(`There is no cloud in ${directory}`);
  return cloudOf(record, () => stopCloud(directory));
}

/** Ends the cloud that was started with `detached` in this directory, and removes the directory. Nothing to do is fine. */
export async function stopCloud(directory: string): Promise<void> {
  const record = await readRecord(directory);
  if (!record) return;
  await killMarked(record.processes);
  await rm(directory, {recursive: true, force: true, maxRetries: 5});
}

async function startAll(
  group: ProcessGroup,
  directory: string,
  programs: {readonly bin: string; readonly registry: string},
  options: CloudOptions,
): Promise<CloudRecord> {
  const [moto, ministack, registry, gateway] = [await freePort(), await freePort(), await freePort(), await freePort()];
  // Ministack does not check the signature of root's key, so the key itself must not be guessed.
  const rootCredentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
  await mkdir(join(directory, 'tmp'));
  const env = childEnv(directory);

  group.start('moto', join(programs.bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(moto)], {...env, MOTO_ACCOUNT_ID: accountId});
  group.start('ministack', join(programs.bin, 'ministack'), [], {
    ...env,
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(ministack),
    MINISTACK_ACCOUNT_ID: accountId,
    MINISTACK_REGION: region,
    AWS_ACCESS_KEY_ID: rootCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootCredentials.secretAccessKey,
    LOG_LEVEL: 'WARNING',
  });
  await writeFile(join(directory, 'registry.json'), registryConfig(join(directory, 'images'), registry));
  group.start('registry', programs.registry, ['serve', join(directory, 'registry.json')], {...env, OTEL_TRACES_EXPORTER: 'none'});
  const config: GatewayConfig = {
    port: gateway,
    moto: url(moto),
    ministack: url(ministack),
    registry: url(registry),
    accountId,
    region,
    rootAccessKeyId: rootCredentials.accessKeyId,
    tokenSeconds: options.tokenSeconds ?? 43_200,
    enforce: options.enforce ?? true,
  };
  await writeFile(join(directory, 'gateway.json'), JSON.stringify(config));
  group.start('gateway', process.execPath, [join(import.meta.dirname, 'gateway.ts'), join(directory, 'gateway.json')], env);

  const record: CloudRecord = {
    endpoint: url(gateway),
    moto: url(moto),
    accountId,
    region,
    rootCredentials,
    processes: group.marks,
    ...(options.oidc && {issuer: options.oidc.issuer}),
  };
  await writeFile(join(directory, recordFile), JSON.stringify(record), {mode: 0o600});
  await Promise.all([
    group.answers('moto', `${url(moto)}/moto-api/data.json`, 60),
    group.answers('ministack', `${url(ministack)}/_ministack/health`, 60),
    group.answers('registry', `${url(registry)}/v2/`, 30),
    group.answers('gateway', `${url(gateway)}/_gateway/health`, 30),
  ]);
  return record;
}

async function folder({directory, detached}: CloudOptions): Promise<string> {
  if (directory === undefined) {
    if (detached === true) throw new Error('A detached cloud needs a directory, to be found again');
    return mkdtemp(join(tmpdir(), 'drayage-cloud-'));
  }
  const record = await readRecord(directory);
  if (record && anyAlive(record.processes)) throw new Error(`A cloud runs in ${directory} already: stop it first`);
  // What a cloud that died left there is in the way; anything else in it is somebody's.
  if (record) await rm(directory, {recursive: true});
  await mkdir(directory, {recursive: true});
  if ((await readdir(directory)).length > 0) throw new Error(`${directory} is not empty`);
  return resolve(directory);
}

async function readRecord(directory: string): Promise<CloudRecord | undefined> {
  const file = join(directory, recordFile);
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as CloudRecord) : undefined;
}

/** Of this process's environment only what a program needs to run: no AWS setting, no proxy, no home to write to. */
function childEnv(directory: string): Record<string, string> {
  const {PATH = '', LANG = 'C.UTF-8'} = process.env;
  return {PATH, LANG, HOME: directory, TMPDIR: join(directory, 'tmp'), PYTHONDONTWRITEBYTECODE: '1'};
}

function url(port: number): string {
  return `http://127.0.0.1:${port}`;
}

// JSON is YAML.
function registryConfig(images: string, port: number): string {
  return JSON.stringify({
    version: 0.1,
    log: {level: 'warn', accesslog: {disabled: true}},
    storage: {filesystem: {rootdirectory: images}, delete: {enabled: true}},
    http: {addr: `127.0.0.1:${port}`, secret: randomBytes(16).toString('hex')},
  });
}

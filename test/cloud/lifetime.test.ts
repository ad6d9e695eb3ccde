import {execFileSync, spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {DescribeRepositoriesCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {anyAlive} from './processes.ts';
import type {ProcessMark} from './processes.ts';
import {pythonBin} from './python.ts';
import {openCloud, startCloud, stopCloud} from './start.ts';

async function within(seconds: number, check: () => boolean): Promise<boolean> {
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    if (check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Runs `startCloud(options)` in a process of its own and gives that process with the processes of the cloud. */
async function startElsewhere(options: object): Promise<{readonly child: ChildProcess; readonly processes: readonly ProcessMark[]}> {
  const script = `
    const {startCloud} = await import(${JSON.stringify(join(import.meta.dirname, 'start.ts'))});
    const cloud = await startCloud(${JSON.stringify(options)});
    console.log(JSON.stringify(cloud.processes));
    process.stdin.resume();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['pipe', 'pipe', 'inherit']});
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {child, processes: JSON.parse(line.toString()) as readonly ProcessMark[]};
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  const exited = once(child, 'exit');
  end();
  await exited;
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test.serial(`nothing is left after ${signal} of the process that started it`, async (t) => {
    const parent = await mkdtemp(join(tmpdir(), 'drayage-lifetime-'));
    const directory = join(parent, 'cloud');
    const {child, processes} = await startElsewhere({directory});
    t.is(processes.length, 4);
    await ended(child, () => child.kill(signal));
    t.true(await within(5, () => !anyAlive(processes) && !existsSync(directory)));
    await rm(parent, {recursive: true});
  });
}

test.serial('nothing is left after stop, and stopping twice is fine', async (t) => {
  const cloud = await startCloud();
  t.true(anyAlive(cloud.processes));
  await cloud.stop();
  t.false(anyAlive(cloud.processes));
  await t.notThrowsAsync(cloud.stop());
  await t.throwsAsync(fetch(cloud.endpoint));
});

test.serial(
  'a detached cloud outlives its process, is found again in its directory, is not started twice, and is stopped by it',
  async (t) => {
    const parent = await mkdtemp(join(tmpdir(), 'drayage-lifetime-'));
    const directory = join(parent, 'cloud');
    const {child, processes} = await startElsewhere({detached: true, directory});
    await ended(child, () => child.stdin?.end());
    const found = await openCloud(directory);
    t.deepEqual((await found.ecr.send(new DescribeRepositoriesCommand({}))).repositories, []);
    await t.throwsAsync(startCloud({detached: true, directory}), {message: /runs in .* already/});
    t.true(anyAlive(processes));
    await stopCloud(directory);
    t.false(anyAlive(processes));
    t.false(existsSync(directory));
    await t.notThrowsAsync(stopCloud(directory));
    await rm(parent, {recursive: true});
  },
);

test.serial('a start that fails says which part did, with the end of its log, and leaves nothing', async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'drayage-lifetime-'));
  const real = await pythonBin();
  const cache = process.env['DRAYAGE_CACHE'];
  const broken = join(parent, basename(join(real, '..')));
  await mkdir(join(broken, 'bin'), {recursive: true});
  await writeFile(join(broken, 'complete'), '');
  await writeFile(join(broken, 'bin', 'moto_server'), '#!/bin/sh\necho the port is on fire\nexit 3\n', {mode: 0o755});
  await symlink(join(real, 'ministack'), join(broken, 'bin', 'ministack'));
  const directory = join(parent, 'cloud');
  process.env['DRAYAGE_CACHE'] = parent;
  try {
    await t.throwsAsync(startCloud({directory}), {message: /moto exited:[^]*the port is on fire/});
  } finally {
    if (cache === undefined) delete process.env['DRAYAGE_CACHE'];
    else process.env['DRAYAGE_CACHE'] = cache;
  }
  t.false(existsSync(directory));
  t.false(running(directory));
  await rm(parent, {recursive: true});
});

test.serial('a folder that holds something else is left alone', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drayage-lifetime-'));
  await writeFile(join(directory, 'mine'), '');
  await t.throwsAsync(startCloud({directory}), {message: /is not empty/});
  t.true(existsSync(join(directory, 'mine')));
  await rm(directory, {recursive: true});
});

/** Whether any process names the directory in its command line. */
function running(directory: string): boolean {
  return execFileSync('ps', ['-eo', 'args='], {encoding: 'utf8'}).includes(directory);
}

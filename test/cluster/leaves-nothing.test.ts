import {mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {until} from './until.ts';
import {startInAnotherProcess} from './another-process.ts';
import {processesOf} from './processes.ts';
import {realNodeProblem} from './real-node.ts';
import {remainsOf} from './remains.ts';
import {startCluster, stopCluster} from './start.ts';

test.serial('after a SIGKILL of the process that started it, nothing is left', async (t) => {
  const directory = await home();
  const {child, started, ended} = startInAnotherProcess({directory, nodes: realNodeProblem() === undefined ? 'real' : 1});
  await started;
  t.true(processesOf(directory).length > 3);
  child.kill('SIGKILL');
  await ended;
  await leavesNothing(t, directory);
});

test.serial('after a SIGKILL in the middle of starting, nothing is left', async (t) => {
  const directory = await home();
  const {child, started, ended} = startInAnotherProcess({directory});
  await until('the API server has been started', async () => processesOf(directory).length >= 2);
  child.kill('SIGKILL');
  await ended;
  await t.throwsAsync(started);
  await leavesNothing(t, directory);
});

test.serial('after a SIGINT, nothing is left', async (t) => {
  const directory = await home();
  const {child, ended} = startInAnotherProcess({directory});
  await until('the API server has been started', async () => processesOf(directory).length >= 2);
  child.kill('SIGINT');
  await ended;
  await leavesNothing(t, directory);
});

test.serial('a cluster that fails to start throws what its program said, and leaves nothing', async (t) => {
  const directory = await home();
  const error = await t.throwsAsync(startCluster({directory, apiServerFlags: ['--no-such-flag']}));
  t.regex(error?.message ?? '', /kube-apiserver ended while it was being started[^]*unknown flag: --no-such-flag/);
  await leavesNothing(t, directory);
});

test.serial('a detached cluster outlives its process, and is stopped by its directory', async (t) => {
  const directory = await home();
  await startInAnotherProcess({directory, detached: true}).ended;
  try {
    t.true(processesOf(directory).length >= 3);
    t.true(existsSync(path.join(directory, 'kubeconfig')));
  } finally {
    await stopCluster(directory);
  }
  t.deepEqual(remainsOf(directory), []);
  await stopCluster(directory);
});

test.serial('a directory that no cluster made is refused and kept', async (t) => {
  const directory = path.dirname(await home());
  await writeFile(path.join(directory, 'precious'), '');
  await t.throwsAsync(startCluster({directory}), {message: /is not empty, and no cluster made it/});
  await stopCluster(directory);
  t.true(existsSync(path.join(directory, 'precious')));
});

/** A directory for a cluster, in one that is removed when all tests are over. */
async function home(): Promise<string> {
  const parent = await mkdtemp(path.join(await realpath(tmpdir()), 'drayage-'));
  parents.push(parent);
  return path.join(parent, 'cluster');
}
const parents: string[] = [];
test.after.always(async () => {
  await Promise.all(parents.map((parent) => rm(parent, {recursive: true, force: true})));
});

async function leavesNothing(t: ExecutionContext, directory: string): Promise<void> {
  // Nobody waits for the watchdog when its parent is dead.
  await until('the watchdog is done', async () => remainsOf(directory).length === 0, {seconds: 20}).catch(() => {});
  t.deepEqual(remainsOf(directory), []);
}

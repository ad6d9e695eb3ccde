import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {realNodeProblem} from '../cluster/real-node.ts';
import {bringUp} from '../demo/bring-up.ts';
import {showOff} from '../demo/show.ts';

const problem = realNodeProblem();
const run = problem === undefined ? test : test.skip;

run(`the main job, as \`make demo\` shows it${problem === undefined ? '' : ` (no real node here: ${problem})`}`, async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'drayage-demo-'));
  const demo = await bringUp(directory, {detached: false});
  try {
    await showOff(demo);
    t.is(await demo.process.stop(), 0, 'the operator ends well on SIGTERM');
  } finally {
    await demo.stop();
  }
});

import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {readTapLine, type Tally, total} from './support/tap.ts';

/** Everything that CI runs, in the order of what fails soonest. The last line is `N passed, N failed[, N skipped]`. */
interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** A check counts as one test, by its exit status; a suite is counted by its TAP lines. */
  readonly counts: 'check' | 'suite';
}

const stages: readonly Stage[] = [
  {name: 'generated files are current', command: ['node', 'src/generate/generate.ts', '--check'], counts: 'check'},
  {name: 'formatting', command: ['oxfmt', '--check', 'src', 'test'], counts: 'check'},
  {name: 'lint', command: ['oxlint', '--deny-warnings', 'src', 'test'], counts: 'check'},
  {name: 'types', command: ['tsc', '-p', '.'], counts: 'check'},
  {name: 'unit', command: ['ava', '--tap'], counts: 'suite'},
  {name: 'real parts', command: ['ava', '--tap', '--config', 'ava.e2e.config.js'], counts: 'suite'},
];

const started = Date.now();
const tallies: Tally[] = [];
for (const stage of stages) {
  console.log(`\n== ${stage.name}`);
  const before = Date.now();
  const tally = await run(stage);
  tallies.push(tally);
  console.log(`== ${stage.name}: ${summary(tally)} in ${seconds(before)} s`);
}
const all = total(tallies);
console.log(`\n${seconds(started)} s in all`);
console.log(summary(all));
process.exitCode = all.failed > 0 || all.passed === 0 ? 1 : 0;

async function run(stage: Stage): Promise<Tally> {
  const [command = '', ...args] = stage.command;
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']});
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  let tally: Tally = {passed: 0, failed: 0, skipped: 0};
  for await (const line of createInterface({input: child.stdout})) {
    console.log(line);
    if (stage.counts === 'suite') tally = readTapLine(tally, line);
  }
  const code = await exited;
  if (stage.counts === 'check') return code === 0 ? {...tally, passed: 1} : {...tally, failed: 1};
  // A runner that broke, or that ran nothing, is a failure of its own.
  const broke = code !== 0 && tally.failed === 0;
  return broke || tally.passed === 0 ? {...tally, failed: tally.failed + 1} : tally;
}

function summary(tally: Tally): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}

import {parseArgs} from 'node:util';
import {bringUp, takeDown} from './bring-up.ts';
import {showOff} from './show.ts';
import {home} from './home.ts';

/** `make demo`: the main job, on real parts. `--once` checks and cleans up; `--down` stops what an earlier run left up. */
const {values} = parseArgs({options: {once: {type: 'boolean', default: false}, down: {type: 'boolean', default: false}}});

if (values.down) {
  await takeDown(home());
} else {
  const stage = await bringUp(home(), {detached: !values.once});
  try {
    await showOff(stage);
    if (!values.once) stage.sayWhatIsNext();
  } catch (error) {
    console.error(`\nThe demo failed: ${(error as Error).message}`);
    if ((error as Error).cause !== undefined) console.error((error as Error).cause);
    console.error(`Operator log: ${stage.operator.logFile}`);
    process.exitCode = 1;
  } finally {
    if (values.once || process.exitCode === 1) await stage.down();
  }
}

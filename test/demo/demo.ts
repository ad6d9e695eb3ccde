import path from 'node:path';
import {parseArgs} from 'node:util';
import {logEnd} from '../cloud/processes.ts';
import {bringUp, nextCommands, takeDown} from './bring-up.ts';
import {home} from './home.ts';
import {showOff} from './show.ts';

/** `make demo`: the main job, on real parts. `--once` checks and cleans up; `--down` stops what an earlier run left up. */
const {values} = parseArgs({options: {once: {type: 'boolean', default: false}, down: {type: 'boolean', default: false}}});

if (values.down) await takeDown(home());
else await demonstrate(values.once);

async function demonstrate(once: boolean): Promise<void> {
  const demo = await bringUp(home(), {detached: !once});
  let isWell = false;
  try {
    await showOff(demo);
    isWell = true;
  } catch (error) {
    console.error(`\nThe demo failed: ${(error as Error).message}`);
    if ((error as Error).cause !== undefined) console.error((error as Error).cause);
    console.error(`The end of the operator's log:\n${(await demo.process.log()).slice(-3000)}`);
    for (const name of ['gateway', 'moto', 'ministack', 'registry']) {
      console.error(`The end of the log of ${name}, one of AWS's stand-ins:\n${logEnd(path.join(demo.directory, 'cloud'), name)}`);
    }
    process.exitCode = 1;
  }
  if (isWell && !once) console.log(nextCommands(demo));
  else await demo.stop();
}

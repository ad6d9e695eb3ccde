import {parseArgs} from 'node:util';
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
    process.exitCode = 1;
  }
  if (isWell && !once) console.log(nextCommands(demo));
  else await demo.stop();
}

import test from 'ava';
import * as fc from 'fast-check';
import {translate} from '../../src/translate/translate.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {dryRun, dryRunAll} from '../support/dry-run.ts';
import {plausibleInputs} from '../translate/sdk-arbitrary.ts';

/** How many definitions; thousands by hand: DRAYAGE_FUZZ_RUNS=10000. */
const numRuns = Number(process.env['DRAYAGE_FUZZ_RUNS'] ?? 2000);
const seed = Number(process.env['DRAYAGE_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let cluster: Cluster | undefined;

test.after.always(() => cluster?.stop());

test(`the API server takes all that is made of ${numRuns} random definitions`, async (t) => {
  cluster = await startCluster();
  t.log(`seed ${seed} (DRAYAGE_FUZZ_SEED)`);
  const inputs = fc.sample(plausibleInputs, {numRuns, seed});
  const objects = inputs.flatMap(({task, service}) => {
    const {manifests} = translate(task, service, {name: 'web', namespace: 'default', revision: 3});
    return manifests.map((object) => ({where: JSON.stringify({task, service}), object}));
  });
  await using door = dryRun(cluster);
  const {taken, unserved, faults} = await dryRunAll(objects, door);
  t.log(`${numRuns} definitions, ${taken} objects taken; not served: ${JSON.stringify(unserved)}`);
  t.deepEqual(faults.slice(0, 10), []);
  t.true(taken > numRuns / 10, `only ${taken} objects were made`);
});

import test from 'ava';
import {taskDefinitions} from '../../src/schema/types.ts';
import {translate} from '../../src/translate/translate.ts';
import {realFiles, withRealFiles} from '../support/corpus.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

let stage: Stage | undefined;
let person: Person | undefined;

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

withRealFiles('real task definitions are pasted as they are: each is registered, or says what is wrong with it', async (t) => {
  stage = await startStage();
  person = personOf(stage.cluster);
  await stage.operator();
  const files = realFiles('task-definitions');
  const places = await Promise.all(files.map(async (_, index) => (person as Person).place(`file-${index}`)));
  const started = performance.now();
  await Promise.all(files.map(async ({json}, index) => places[index]?.apply(taskDefinitions, 'web', json)));
  const counts = {registered: 0, refused: 0};
  for (const [index, {file, json}] of files.entries()) {
    const object = await eventually(`${file} is looked at`, async () => {
      const seen = await places[index]?.get(taskDefinitions, 'web');
      const ready = conditionIn(seen, 'Ready');
      return ready !== undefined && ready.reason !== 'Registering' && seen;
    });
    const refused = translate(json, {}, {name: 'web'}).notes.filter(({level}) => level === 'refused');
    const ready = conditionIn(object, 'Ready');
    counts[refused.length === 0 ? 'registered' : 'refused'] += 1;
    if (refused.length === 0) t.like(ready, {status: 'True', reason: 'Registered'}, file);
    else {
      t.true(['InvalidTaskDefinition', 'NotTranslatable', 'RoleNotAllowed'].includes(ready?.reason ?? ''), `${file}: ${ready?.reason}`);
      t.true(ready?.message?.includes(refused[0]?.path ?? '?') === true, `${file}: ${ready?.message}`);
    }
    t.deepEqual(object['spec'], json, `${file} is kept as it was pasted`);
  }
  t.log(`${counts.registered} registered, ${counts.refused} refused, in ${Math.round(performance.now() - started)} ms`);
});

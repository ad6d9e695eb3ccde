import test from 'ava';
import {ownerTag} from '../../../src/kinds/ownership.ts';
import {keep, Killed, resourceOf} from './keep.ts';
import {MemoryEcr} from './memory-ecr.ts';

const deletionTimestamp = '2026-01-02T00:00:00Z';

test('deleted, the repository is retained by default, without a call', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf(), ecr);
  ecr.take();
  const gone = await keep({...resource, metadata: {...resource.metadata, deletionTimestamp}}, ecr);
  t.like(gone.outcome, {is: 'settled', reason: 'Retained'});
  t.deepEqual(ecr.calls, []);
  t.true(ecr.repositories.has('app'));
});

test('DeleteIfEmpty waits for the images to go, and counts them', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf({deletionPolicy: 'DeleteIfEmpty'}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.images = 2;
  const going = {...resource, metadata: {...resource.metadata, deletionTimestamp}};
  const waits = await keep(going, ecr);
  t.like(waits.outcome, {is: 'stalled', reason: 'RepositoryNotEmpty', seconds: 60});
  t.regex(waits.outcome.message, /holds 2 images/);
  stored.images = 0;
  ecr.before = (call) => {
    if (call === 'DeleteRepository') stored.images = 1;
  };
  t.like((await keep(going, ecr)).outcome, {is: 'stalled', reason: 'RepositoryNotEmpty'}, 'an image pushed in between');
  stored.images = 0;
  ecr.before = () => {};
  t.like((await keep(going, ecr)).outcome, {is: 'settled', reason: 'Deleted'});
  t.is(ecr.repositories.size, 0);
});

test('Delete takes the images with it', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf({deletionPolicy: 'Delete'}), ecr);
  ecr.repositories.get('app')!.images = 5;
  const gone = await keep({...resource, metadata: {...resource.metadata, deletionTimestamp}}, ecr);
  t.like(gone.outcome, {is: 'settled', reason: 'Deleted'});
  t.is(ecr.repositories.size, 0);
});

test('a repository that is not ours is never deleted', async (t) => {
  for (const deletionPolicy of ['DeleteIfEmpty', 'Delete']) {
    const ecr = new MemoryEcr();
    const {resource} = await keep(resourceOf({deletionPolicy}), ecr);
    const stored = ecr.repositories.get('app')!;
    const going = {...resource, metadata: {...resource.metadata, deletionTimestamp}};
    for (const tags of [{}, {[ownerTag]: 'other/team/app'}]) {
      stored.tags = tags;
      const released = await keep(going, ecr);
      t.like(released.outcome, {is: 'settled', reason: 'Retained'});
      t.true(ecr.repositories.has('app'));
    }
  }
});

test('an object that never had a repository goes at once', async (t) => {
  const ecr = new MemoryEcr();
  const going = {deletionTimestamp};
  t.like((await keep(resourceOf({deletionPolicy: 'Delete'}, going), ecr)).outcome, {is: 'settled', reason: 'Deleted'});
  t.like((await keep(resourceOf({deletionPolicy: 'Delete', registryRef: {name: 'gone'}}, going), ecr)).outcome, {is: 'settled'});
  t.false(ecr.calls.includes('DeleteRepository'));
});

test('deleted between creation and status, what was made is found and deleted', async (t) => {
  const ecr = new MemoryEcr();
  const resource = resourceOf({deletionPolicy: 'Delete'});
  await t.throwsAsync(
    keep(resource, ecr, {
      onStep() {
        throw new Killed();
      },
    }),
  );
  await keep({...resource, metadata: {...resource.metadata, deletionTimestamp}}, ecr);
  t.is(ecr.repositories.size, 0);
});

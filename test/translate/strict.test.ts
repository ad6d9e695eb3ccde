import test from 'ava';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translate} from '../../src/translate/translate.ts';

const task = {
  family: 'web',
  containerDefinitions: [{name: 'web', image: 'nginx:1.29', memory: 64, ulimits: [{name: 'nofile', softLimit: 1, hardLimit: 1}]}],
};

function refusedBy(cluster: ClusterSettings): readonly string[] {
  const {notes, manifests} = translate(task, {}, {name: 'web', cluster});
  const refused = notes.filter(({level}) => level === 'refused').map(({reason}) => reason);
  if (refused.length > 0 !== (manifests.length === 0)) throw new Error('something is made although a note is refused, or the reverse');
  return refused.toSorted();
}

test('Strict refuses what is approximated, and leaves what is ignored', (t) => {
  t.deepEqual(refusedBy({policy: 'Warn'}), []);
  t.deepEqual(refusedBy({policy: 'Strict'}), ['EssentialInPlaceRestart', 'ImageTagNotPinned']);
  const {notes} = translate(task, {}, {name: 'web', cluster: {policy: 'Strict'}});
  t.is(notes.find(({reason}) => reason === 'UlimitsIgnored')?.level, 'ignored');
  t.regex(
    notes.find(({reason}) => reason === 'ImageTagNotPinned')?.message ?? '',
    /have ImageTagNotPinned allowed in allowedApproximations/,
  );
});

test('what is allowed by a path, by a path with any index, by a path above, or by its reason goes through', (t) => {
  const left = (...allowedApproximations: string[]): readonly string[] => refusedBy({policy: 'Strict', allowedApproximations});
  t.deepEqual(left('containerDefinitions[0].image'), ['EssentialInPlaceRestart']);
  t.deepEqual(left('containerDefinitions[*].image', 'EssentialInPlaceRestart'), []);
  t.deepEqual(left('containerDefinitions'), []);
  t.deepEqual(left('containerDefinition', 'containerDefinitions[1]', 'Essential'), refusedBy({policy: 'Strict'}));
});

test('a note is never longer than a status takes', (t) => {
  const long = Array.from({length: 60}, (_, index) => `attribute:a/${index} == b`).join(' and ');
  const {notes} = translate({...task, placementConstraints: [{type: 'memberOf', expression: long}]}, {}, {name: 'web'});
  const note = notes.find(({reason}) => reason === 'PlacementExpressionUnsupported');
  t.is(note?.message.length, 1024);
});

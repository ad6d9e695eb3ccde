import test from 'ava';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translate} from '../../src/translate/translate.ts';

const web = {name: 'web', image: 'nginx:1.29', memory: 64, ulimits: [{name: 'nofile', softLimit: 1, hardLimit: 1}]};
const task = {family: 'web', networkMode: 'awsvpc', containerDefinitions: [web, {...web, name: 'other'}]};
const digest = `nginx@sha256:${'a'.repeat(64)}`;

function refusedBy(cluster: ClusterSettings, definition: object = task): readonly string[] {
  const {notes, manifests} = translate(definition, {}, {name: 'web', cluster});
  const refused = notes.filter(({level}) => level === 'refused').map(({reason}) => reason);
  if (refused.length > 0 !== (manifests.length === 0)) throw new Error('something is made although a note is refused, or the reverse');
  return [...new Set(refused)].toSorted();
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

const alone = (container: object, more: object = {}): object => ({family: 'web', ...more, containerDefinitions: [{...web, ...container}]});
const strictly = (container: object): readonly string[] => refusedBy({policy: 'Strict'}, alone(container));

test('Strict takes a definition that means the same in Kubernetes', (t) => {
  t.deepEqual(strictly({image: digest}), []);
  t.deepEqual(strictly({image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'}), [], 'a Service looks its digest up');
  t.deepEqual(strictly({image: 'nginx:1', versionConsistency: 'disabled'}), []);
  t.deepEqual(strictly({image: 'nginx:1'}), ['ImageTagNotPinned']);
});

function approximatedIn(container: object, more: object = {}, cluster: ClusterSettings = {}): readonly string[] {
  const {notes} = translate(alone({image: digest, ...container}, more), {}, {name: 'web', cluster});
  return notes.filter(({level}) => level === 'approximated').map(({reason}) => reason);
}

test('a container that is all of its task may be started again in its pod, but not where the pod keeps something of it', (t) => {
  const inPlace = ['EssentialInPlaceRestart'];
  t.deepEqual(approximatedIn({}), []);
  t.deepEqual(approximatedIn({}, {}, {essentialContainers: 'RestartAlone'}), inPlace, 'for ever on the same node');
  t.deepEqual(approximatedIn({}, {volumes: [{name: 'data'}]}), inPlace);
  t.deepEqual(approximatedIn({linuxParameters: {sharedMemorySize: 64}}), inPlace);
  t.deepEqual(approximatedIn({linuxParameters: {tmpfs: [{containerPath: '/cache', size: 8}]}}), inPlace);
});

test('what is allowed by a path, by a path with any index, by a path above, or by its reason goes through', (t) => {
  const left = (...allowedApproximations: string[]): readonly string[] => refusedBy({policy: 'Strict', allowedApproximations});
  t.deepEqual(left('containerDefinitions[0].image', 'containerDefinitions[1].image'), ['EssentialInPlaceRestart']);
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

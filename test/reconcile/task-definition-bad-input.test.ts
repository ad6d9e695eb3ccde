import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {controllerRevisions, deployments, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {reconciles} from '../support/metrics.ts';
import type {Operator} from '../support/operator.ts';
import {conditionIn, personOf, type Person} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

let stage: Stage | undefined;
let person: Person;
let operator: Operator;

test.before(async () => {
  stage = await startStage();
  person = personOf(stage.cluster);
  operator = await stage.operator();
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

const container = {name: 'app', image: 'registry.example.com/app:1', memory: 64, healthCheck: {command: ['CMD', 'true'], interval: 5}};
const web = {family: 'web', containerDefinitions: [container]};

interface Bad {
  readonly spec: object;
  /** What the message must say: the path, and what to do. */
  readonly says: RegExp;
  readonly reason?: string;
}

const bad: Readonly<Record<string, Bad>> = {
  'no family': {spec: {containerDefinitions: [container]}, says: /family: is missing/},
  'nothing at all': {spec: {}, says: /family: is missing.*containerDefinitions: needs at least one container/},
  'no containers': {spec: {family: 'web'}, says: /containerDefinitions: needs at least one container/},
  'an empty list of containers': {
    spec: {family: 'web', containerDefinitions: []},
    says: /containerDefinitions: needs at least one container/,
  },
  'a container without an image': {
    spec: {family: 'web', containerDefinitions: [{name: 'app', memory: 64}]},
    says: /containerDefinitions\[0\]\.image: needs an image/,
  },
  'an image that a pipeline was to fill in': {
    spec: {family: 'web', containerDefinitions: [container, {...container, name: 'side', image: '<IMAGE1_NAME>'}]},
    says: /containerDefinitions\[1\]\.image: <IMAGE1_NAME> has not been filled in; put the value/,
  },
  'an image with a variable in it': {
    // oxlint-disable-next-line no-template-curly-in-string -- as people write it
    spec: {family: 'web', containerDefinitions: [{...container, image: 'registry.example.com/app:${TAG}'}]},
    says: /containerDefinitions\[0\]\.image: \$\{TAG\} has not been filled in/,
  },
  'a cpu that is no number': {spec: {...web, cpu: 'banana'}, says: /cpu: must be CPU units \("256"\) or vCPUs/},
  'a memory that is no number': {spec: {...web, memory: '1 banana'}, says: /memory: must be MiB \("512"\) or GB/},
  'a container that is no object': {
    spec: {family: 'web', containerDefinitions: ['app']},
    says: /containerDefinitions\[0\]: must be an object/,
  },
  'containers that are no list': {
    spec: {family: 'web', containerDefinitions: 'app'},
    says: /containerDefinitions: needs at least one container/,
  },
  'a port that is no number': {
    spec: {family: 'web', containerDefinitions: [{...container, portMappings: [{containerPort: 'http'}]}]},
    says: /containerDefinitions\[0\]\.portMappings\[0\]\.containerPort: must be a number \(without quotes\), not a text/,
  },
  'no memory anywhere': {
    spec: {family: 'web', containerDefinitions: [{name: 'app', image: 'app:1'}]},
    says: /containerDefinitions\[0\]\.memory: Set memory or memoryReservation here/,
  },
  'a service that cannot be': {
    spec: {...web, service: {desiredCount: -1}},
    says: /service\.desiredCount: must be at least 0/,
  },
  'a field that cannot be carried': {
    spec: {...web, proxyConfiguration: {containerName: 'app', type: 'APPMESH'}},
    says: /proxyConfiguration: App Mesh proxies are not set up; remove the field/,
    reason: 'NotTranslatable',
  },
};

// First and alone, so that only these objects are counted.
test.serial('bad input stalls with its path and what to do, in one Event, and is then left in peace', async (t) => {
  const place = await person.place('bad');
  const cases = Object.entries(bad);
  await Promise.all(cases.map(([, {spec}], index) => place.apply(taskDefinitions, `bad-${index}`, spec)));
  for (const [index, [title, {says, reason = 'InvalidTaskDefinition'}]] of cases.entries()) {
    // A family may be taken by another of these objects; what is wrong with the definition itself comes first.
    const object = await place.until(taskDefinitions, `bad-${index}`, reason);
    t.like(conditionIn(object, 'Ready'), {status: 'False', reason}, title);
    t.like(conditionIn(object, 'Stalled'), {status: 'True', reason}, title);
    t.regex(conditionIn(object, 'Ready')?.message ?? '', says, title);
    t.is(conditionIn(object, 'Translated')?.status, 'False', title);
  }
  const looks = await reconciles(operator, 'taskdefinition');
  await sleep(5000);
  t.is(await reconciles(operator, 'taskdefinition'), looks, 'no object is looked at again without a reason');
  for (const [index, [title, {reason = 'InvalidTaskDefinition'}]] of cases.entries()) {
    const warnings = (await place.events('TaskDefinition', `bad-${index}`)).filter(({type}) => type === 'Warning');
    t.deepEqual(
      warnings.map((event) => [event.reason, event.times]),
      [[reason, 1]],
      title,
    );
    t.regex(warnings[0]?.note ?? '', bad[title]?.says ?? /^$/, title);
  }
  const kept = await place.list(controllerRevisions);
  t.deepEqual(
    kept.map(({metadata}) => metadata.name),
    ['web-1'],
    'only what ECS would take is a revision',
  );
  t.deepEqual(await place.list(services), []);
});

test('a spec that is no object is refused by the API server', async (t) => {
  const place = await person.place('no-object');
  for (const [name, spec] of Object.entries({text: 'family: web', service: {...web, service: 'yes'}})) {
    const {apiVersion, kind} = taskDefinitions;
    const created = person.kube.create(taskDefinitions, {apiVersion, kind, metadata: {name, namespace: place.namespace}, spec});
    await t.throwsAsync(created, {message: /spec.*must be of type object/}, name);
  }
});

test('what ECS does not know is noted, and the rest goes on', async (t) => {
  const place = await person.place('unknown');
  await place.apply(taskDefinitions, 'web', {
    ...web,
    favouriteColour: 'blue',
    containerDefinitions: [{...container, imagePullPolicy: 'Never'}],
  });
  const object = await place.until(taskDefinitions, 'web', 'Registered');
  const {notes = []} = object['status'] as {notes?: readonly {path: string; level: string; reason: string}[]};
  t.deepEqual(
    notes.filter(({reason}) => reason === 'UnknownField').map(({path, level}) => [path, level]),
    [
      ['containerDefinitions[0].imagePullPolicy', 'ignored'],
      ['favouriteColour', 'ignored'],
    ],
  );
});

test('a container name that is no DNS label is changed, with a note, and the original is kept', async (t) => {
  const place = await person.place('renamed');
  const name = 'Log_Shipper';
  await place.apply(taskDefinitions, 'web', {family: 'web', containerDefinitions: [{...container, name}], service: {desiredCount: 0}});
  const object = await place.until(taskDefinitions, 'web', 'ServiceReady');
  const {notes = []} = object['status'] as {notes?: readonly {path: string; level: string; reason: string; message: string}[]};
  const note = notes.find(({reason}) => reason === 'NameNormalised');
  t.like(note, {path: 'containerDefinitions[0].name', level: 'approximated'});
  const deployment = await place.get(deployments, 'web');
  const {template} = (deployment?.['spec'] ?? {}) as {
    template?: {metadata: {annotations: Record<string, string>}; spec: {containers: readonly {name: string}[]}};
  };
  const [made] = template?.spec.containers ?? [];
  t.regex(made?.name ?? '', /^log-shipper-[a-z0-9]{6}$/);
  t.true(note?.message.includes(made?.name ?? '-'));
  t.deepEqual(JSON.parse(template?.metadata.annotations['ecs.drayage.dev/container-names'] ?? '{}'), {[made?.name ?? '']: name});
});

for (const [reason, later, mended] of [
  ['InvalidTaskDefinition', {...web, cpu: 'banana'}, /cpu/],
  ['NotTranslatable', {...web, proxyConfiguration: {containerName: 'app', type: 'APPMESH'}}, /proxyConfiguration/],
] as const) {
  test(`what runs is left as it is when a later revision is ${reason}, and goes on once it is mended`, async (t) => {
    const place = await person.place(`later-${reason.toLowerCase()}`);
    const service = {desiredCount: 0};
    await place.apply(taskDefinitions, 'web', {...web, service});
    await place.until(taskDefinitions, 'web', 'ServiceReady');
    const before = await place.get(deployments, 'web');
    await place.apply(taskDefinitions, 'web', {...later, service});
    const object = await place.until(taskDefinitions, 'web', reason);
    t.regex(conditionIn(object, 'Ready')?.message ?? '', mended);
    await sleep(1500);
    const after = await place.get(deployments, 'web');
    t.deepEqual([after?.metadata.uid, after?.metadata.generation], [before?.metadata.uid, before?.metadata.generation]);
    await place.apply(taskDefinitions, 'web', {family: 'web', containerDefinitions: [{...container, image: 'app:2'}], service});
    await place.until(taskDefinitions, 'web', 'ServiceReady');
    await eventually('the Deployment has the new image', async () => JSON.stringify(await place.get(deployments, 'web')).includes('app:2'));
  });
}

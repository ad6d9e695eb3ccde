import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {controllerRevisions, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person, type Place} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

let stage: Stage | undefined;
let person: Person;

test.before(async () => {
  stage = await startStage();
  person = personOf(stage.cluster);
  await stage.operator();
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

const container = {name: 'app', image: 'registry.example.com/app:1', memory: 64, healthCheck: {command: ['CMD', 'true'], interval: 5}};
const web = {family: 'web', containerDefinitions: [container]};

test('what describe-task-definition prints is stored as it was pasted, and registered', async (t) => {
  const place = await person.place('described');
  const pasted = {
    taskDefinition: {
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:7',
      containerDefinitions: [
        {...container, cpu: 0, essential: true, links: [], portMappings: [], environment: [], dependsOn: null, user: ''},
      ],
      family: 'web',
      taskRoleArn: null,
      networkMode: '',
      revision: 7,
      volumes: [],
      status: 'ACTIVE',
      requiresAttributes: [{name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18'}],
      placementConstraints: [],
      compatibilities: ['EXTERNAL', 'EC2'],
      requiresCompatibilities: [],
      cpu: null,
      registeredAt: '2026-01-01T00:00:00.000000+00:00',
    },
    tags: [],
  };
  await place.apply(taskDefinitions, 'web', pasted);
  const object = await place.until(taskDefinitions, 'web', 'Registered');
  t.deepEqual(object['spec'], pasted);
  t.like(object['status'], {family: 'web', revision: 1, latestRevision: 1, taskDefinition: 'web:1'});
  const [revision, ...others] = await revisionsIn(place, 'web');
  t.deepEqual(others, []);
  t.like(revision, {revision: 1, data: {family: 'web', containerDefinitions: [{name: 'app', essential: true}]}});
  t.notRegex(JSON.stringify(revision?.['data']), /null|""|\[\]|registeredAt/);
  t.true(notesOf(object).some(({path, level}) => path === 'registeredAt' && level === 'ignored'));
});

test('a change of the contents is a new revision, and so is the way back; the older ones stay', async (t) => {
  const place = await person.place('changed');
  await place.apply(taskDefinitions, 'web', web);
  await untilRevision(place, 'web', 1);
  await place.apply(taskDefinitions, 'web', {family: 'web', containerDefinitions: [{...container, image: 'registry.example.com/app:2'}]});
  const second = await untilRevision(place, 'web', 2);
  t.like(second['status'], {taskDefinition: 'web:2', latestRevision: 2});
  await place.apply(taskDefinitions, 'web', web);
  await untilRevision(place, 'web', 3);
  const revisions = await revisionsIn(place, 'web');
  t.deepEqual(
    revisions.map(({metadata, revision}) => [metadata.name, revision]),
    [
      ['web-1', 1],
      ['web-2', 2],
      ['web-3', 3],
    ],
  );
  t.deepEqual(revisions[0]?.['data'], revisions[2]?.['data']);
  const {uid} = second.metadata;
  for (const {metadata} of revisions) {
    t.like(metadata.ownerReferences?.[0], {kind: 'TaskDefinition', name: 'web', uid, controller: true});
  }
});

test('labels, annotations, another order of the keys, units and a change of the service make no revision', async (t) => {
  const place = await person.place('unchanged');
  await place.apply(taskDefinitions, 'web', {...web, cpu: '256', memory: '512'});
  await untilRevision(place, 'web', 1);
  await place.change(taskDefinitions, 'web', {metadata: {labels: {team: 'shop'}, annotations: {why: 'because'}}});
  await place.apply(taskDefinitions, 'web', {
    memory: '0.5 GB',
    cpu: '.25 vCPU',
    containerDefinitions: [{healthCheck: container.healthCheck, memory: 64, image: container.image, name: 'app', command: []}],
    family: 'web',
    service: {desiredCount: 0},
  });
  await place.until(taskDefinitions, 'web', 'ServiceReady');
  await place.apply(taskDefinitions, 'web', {...web, cpu: '256', memory: '512', service: {desiredCount: 0, launchType: 'FARGATE'}});
  await eventually('the Service has the change', async () => specOf(await place.get(services, 'web'))['launchType'] === 'FARGATE');
  const object = await place.until(taskDefinitions, 'web', 'ServiceReady');
  t.like(object['status'], {revision: 1, latestRevision: 1});
  t.is((await revisionsIn(place, 'web')).length, 1);
});

test('spec.service keeps a Service of the same name, and without it the Service goes', async (t) => {
  const place = await person.place('served');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 0, enableExecuteCommand: true}});
  const object = await place.until(taskDefinitions, 'web', 'ServiceReady');
  const service = await place.get(services, 'web');
  t.like(service?.['spec'], {taskDefinition: 'web', desiredCount: 0, enableExecuteCommand: true});
  t.like(service?.metadata.ownerReferences?.[0], {kind: 'TaskDefinition', uid: object.metadata.uid, controller: true});
  await place.apply(taskDefinitions, 'web', web);
  await place.gone(services, 'web');
  await place.until(taskDefinitions, 'web', 'Registered');
  t.is((await revisionsIn(place, 'web')).length, 1);
});

test('the name of the Service is free again after its task definition was deleted, and revisions go with it', async (t) => {
  const place = await person.place('deleted');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 0}});
  await place.until(taskDefinitions, 'web', 'ServiceReady');
  await place.delete(taskDefinitions, 'web');
  await place.gone(services, 'web');
  await eventually('the revisions are gone', async () => (await revisionsIn(place, 'web')).length === 0);
  await place.apply(taskDefinitions, 'web', web);
  const anew = await untilRevision(place, 'web', 1);
  t.is(conditionIn(anew, 'Ready')?.reason, 'Registered');
});

test('a Service of that name that someone else made is left alone', async (t) => {
  const place = await person.place('foreign');
  const before = await place.apply(services, 'web', {taskDefinition: 'other', desiredCount: 3});
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  const object = await place.until(taskDefinitions, 'web', 'ServiceNotOwned');
  t.is(conditionIn(object, 'Stalled')?.status, 'True');
  t.deepEqual((await place.get(services, 'web'))?.['spec'], before['spec']);
});

test('two objects with one family: the second waits, and goes on when the first is deleted', async (t) => {
  const place = await person.place('taken');
  await place.apply(taskDefinitions, 'first', web);
  await untilRevision(place, 'first', 1);
  await place.apply(taskDefinitions, 'second', {family: 'web', containerDefinitions: [{...container, image: 'other:1'}]});
  const waits = await place.until(taskDefinitions, 'second', 'FamilyTaken');
  t.regex(conditionIn(waits, 'Ready')?.message ?? '', /TaskDefinition first/);
  await place.delete(taskDefinitions, 'first');
  const goesOn = await place.until(taskDefinitions, 'second', 'Registered');
  t.like(goesOn['status'], {family: 'web', revision: 1});
});

test('a revision that someone deleted is made again with a number of its own or the same contents', async (t) => {
  const place = await person.place('lost');
  await place.apply(taskDefinitions, 'web', web);
  await untilRevision(place, 'web', 1);
  await place.delete(controllerRevisions, 'web-1');
  await eventually('a revision is there', async () => (await revisionsIn(place, 'web')).length === 1);
  const [revision] = await revisionsIn(place, 'web');
  t.like(revision?.['data'], {family: 'web'});
  const object = await untilRevision(place, 'web', Number(revision?.['revision']));
  t.is(conditionIn(object, 'Ready')?.status, 'True');
});

function revisionsIn(place: Place, family: string): Promise<readonly KubeObject[]> {
  return place.list(controllerRevisions, `ecs.drayage.dev/family=${family}`);
}

function untilRevision(place: Place, name: string, revision: number): Promise<KubeObject> {
  return eventually(`${name} has revision ${revision}`, async () => {
    const object = await place.get(taskDefinitions, name);
    const status = (object?.['status'] ?? {}) as {revision?: number};
    return status.revision === revision && conditionIn(object, 'Ready')?.status === 'True' && object;
  });
}

interface Note {
  readonly path: string;
  readonly level: string;
  readonly reason: string;
}

function notesOf(object: KubeObject): readonly Note[] {
  return ((object['status'] ?? {}) as {notes?: readonly Note[]}).notes ?? [];
}

function specOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  return (object?.['spec'] ?? {}) as Readonly<Record<string, unknown>>;
}

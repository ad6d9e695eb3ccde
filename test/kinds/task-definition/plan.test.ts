import test, {type ExecutionContext} from 'ava';
import {plan} from '../../../src/kinds/task-definition/plan.ts';
import {isOwnedBy} from '../../../src/translate/revision.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {carryOut, taskDefinition, web} from './objects.ts';

const nothing = {revisions: []};
const calls = (steps: readonly {call: string; why: string}[]): readonly string[] => steps.map(({why}) => why);

function serviceWith(service: KubeObject | undefined, more: Record<string, unknown>): KubeObject {
  if (service === undefined) throw new Error('no Service was applied');
  return {...service, ...more};
}

function idle(t: ExecutionContext, {steps, then}: ReturnType<typeof plan>, outcome: Partial<ReturnType<typeof plan>['then']>): void {
  t.deepEqual(steps, []);
  t.like(then, outcome);
}

test('a new definition is registered as revision 1, and then nothing is left to do', async (t) => {
  const resource = taskDefinition(web);
  const first = plan(resource, nothing);
  t.deepEqual(calls(first.steps), ['register web:1']);
  const after = await carryOut(first.steps, nothing);
  t.is(after.revisions[0]?.metadata.name, 'web-1');
  t.true(isOwnedBy(after.revisions[0] as KubeObject, resource));
  const second = plan(resource, after);
  t.deepEqual(second.steps, []);
  t.like(second.then, {is: 'settled', reason: 'Registered'});
});

test('a change is the next revision, and so is the way back', async (t) => {
  const changed = {...web, containerDefinitions: [{name: 'web', image: 'nginx:2', memory: 64}]};
  let observed = await carryOut(plan(taskDefinition(web), nothing).steps, nothing);
  for (const [spec, name] of [
    [changed, 'web:2'],
    [web, 'web:3'],
  ] as const) {
    const {steps} = plan(taskDefinition(spec), observed);
    t.deepEqual(calls(steps), [`register ${name}`]);
    observed = await carryOut(steps, observed);
  }
});

test('the same definition as describe-task-definition prints it is no new revision', async (t) => {
  const observed = await carryOut(plan(taskDefinition(web), nothing).steps, nothing);
  const printed = {taskDefinition: {...web, revision: 1, status: 'ACTIVE', networkMode: null, volumes: []}, tags: []};
  t.deepEqual(plan(taskDefinition(printed), observed).steps, []);
});

test('no number is given twice, also where the newest revision has been deleted', (t) => {
  const status = {family: 'web', latestRevision: 9};
  t.deepEqual(calls(plan(taskDefinition(web, {status}), nothing).steps), ['register web:10']);
  t.deepEqual(calls(plan(taskDefinition({...web, family: 'other'}, {status}), nothing).steps), ['register other:1']);
});

test('a definition that ECS would refuse registers nothing and says where', (t) => {
  const {steps, then} = plan(
    taskDefinition({family: 'web', containerDefinitions: [{name: 'web', image: '<IMAGE1_NAME>', memory: 64}]}),
    nothing,
  );
  t.deepEqual(steps, []);
  t.is(then.is, 'stalled');
  t.is(then.reason, 'InvalidTaskDefinition');
  t.regex(then.message, /^containerDefinitions\[0\]\.image: <IMAGE1_NAME> has not been filled in/);
});

test('a definition that cannot be carried is registered all the same, and waits for its user', async (t) => {
  const spec = {...web, placementConstraints: [{type: 'memberOf', expression: 'x'}]};
  const {steps, then} = plan(taskDefinition(spec), nothing);
  t.deepEqual(calls(steps), ['register web:1']);
  t.like(then, {is: 'stalled', reason: 'NotTranslatable'});
});

test('a family that another object has is left to it', async (t) => {
  const observed = await carryOut(plan(taskDefinition(web), nothing).steps, nothing);
  const {steps, then} = plan(taskDefinition(web, {uid: 'uid-2'}), observed);
  t.deepEqual(steps, []);
  t.is(then.reason, 'FamilyTaken');
  t.regex(then.message, /belongs to TaskDefinition shop/);
});

test('with a service it makes one, waits for it, and is ready when that is', async (t) => {
  const resource = taskDefinition({...web, service: {desiredCount: 2, launchType: '', loadBalancers: null}});
  const first = plan(resource, nothing);
  t.deepEqual(
    first.steps.map(({call}) => call),
    ['RegisterTaskDefinition', 'ApplyService'],
  );
  const observed = await carryOut(first.steps, nothing);
  t.deepEqual(observed.service?.spec, {taskDefinition: 'web', desiredCount: 2});
  idle(t, plan(resource, observed), {is: 'waiting', reason: 'ServiceNotReady'});
  const status = {conditions: [{type: 'Ready', status: 'True', message: 'steady'}]};
  const ready = {...observed, service: serviceWith(observed.service, {status})};
  idle(t, plan(resource, ready), {is: 'settled', reason: 'ServiceReady', message: 'steady'});
});

test('what someone changes in the service is set right, and what was left to others stays', async (t) => {
  const resource = taskDefinition({...web, service: {desiredCount: 2}});
  const observed = await carryOut(plan(resource, nothing).steps, nothing);
  const scaled = {...observed, service: serviceWith(observed.service, {spec: {taskDefinition: 'web', desiredCount: 5}})};
  t.deepEqual(calls(plan(resource, scaled).steps), ['apply the Service: spec.desiredCount was changed']);
  const free = taskDefinition({...web, service: {}});
  const made = await carryOut(plan(free, nothing).steps, nothing);
  const autoscaled = {...made, service: serviceWith(made.service, {spec: {taskDefinition: 'web', desiredCount: 5}})};
  t.deepEqual(plan(free, autoscaled).steps, []);
});

test('a field that is taken out of the service is taken out of the Service', async (t) => {
  const observed = await carryOut(plan(taskDefinition({...web, service: {launchType: 'EC2'}}), nothing).steps, nothing);
  t.deepEqual(calls(plan(taskDefinition({...web, service: {}}), observed).steps), ['apply the Service: spec.service has changed']);
});

test('a service that is removed from the spec is deleted, and one of somebody else is not', async (t) => {
  const observed = await carryOut(plan(taskDefinition({...web, service: {}}), nothing).steps, nothing);
  const {steps} = plan(taskDefinition(web), observed);
  t.deepEqual(
    steps.map(({call}) => call),
    ['DeleteService'],
  );
  t.is((await carryOut(steps, observed)).service, undefined);
  const foreign = {...observed, service: {apiVersion: 'x', kind: 'Service', metadata: {name: 'shop', namespace: 'ns', uid: 'theirs'}}};
  t.deepEqual(plan(taskDefinition(web), foreign).steps, []);
  idle(t, plan(taskDefinition({...web, service: {}}), foreign), {is: 'stalled', reason: 'ServiceNotOwned'});
});

test('a service that is no CreateService input changes nothing', (t) => {
  const {steps, then} = plan(taskDefinition({...web, service: {desiredCount: 'two'}}), nothing);
  t.deepEqual(steps, []);
  t.regex(then.message, /^service\.desiredCount: /);
});

test('deletion is left to Kubernetes', (t) => {
  idle(t, plan(taskDefinition(web, {deletionTimestamp: '2026-01-01T00:00:00Z'}), nothing), {is: 'settled'});
});

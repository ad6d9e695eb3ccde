import test from 'ava';
import {conditionsOf, type Condition} from '../../../src/kinds/conditions.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {mayLockOut} from '../../../src/kinds/repository/lock-out.ts';
import {keep, resourceOf, statusIn, type Walked} from './keep.ts';
import {MemoryEcr} from './memory-ecr.ts';

const role = 'arn:aws:iam::123456789012:role/ci';
const id = 'AROAEXAMPLEEXAMPLE123';
const policyOf = (...principals: readonly string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{Sid: 'pull', Effect: 'Allow', Principal: {AWS: principals}, Action: 'ecr:BatchGetImage'}],
  });

/** A walk with the conditions that the engine makes of it. */
async function walk(resource: Walked['resource'], ecr: MemoryEcr): Promise<Walked> {
  const walked = await keep(resource, ecr);
  const previous = ((resource.status ?? {}) as {readonly conditions?: readonly Condition[]}).conditions ?? [];
  const {generation = 0} = resource.metadata;
  const conditions = conditionsOf({previous, outcome: walked.outcome, claims: walked.conditions, generation, now: ecr.now});
  return {...walked, resource: {...walked.resource, status: {...statusIn(walked.resource), conditions}}};
}

function refusing(ecr: MemoryEcr, says: string): void {
  ecr.before = (call) => {
    if (call !== 'SetRepositoryPolicy') return;
    const message = `AWS refuses ecr:SetRepositoryPolicy on app: ${says}`;
    throw new Interruption({is: 'stalled', reason: 'InvalidParameter', message, seconds: 120});
  };
}

function later(ecr: MemoryEcr, seconds: number): void {
  ecr.now = new Date(ecr.now.getTime() + seconds * 1000);
}

test('a role that AWS does not know yet is waited for some minutes, and then somebody must act', async (t) => {
  for (const says of [`failed to satisfy constraint: 'Principal not found'`, `'Invalid repository policy provided'`]) {
    const ecr = new MemoryEcr();
    refusing(ecr, says);
    let walked = await walk(resourceOf({repositoryPolicy: {policyText: policyOf(role)}}), ecr);
    t.like(walked.outcome, {is: 'failed', reason: 'PrincipalNotFound'});
    t.regex(walked.outcome.message, /role\/ci/);
    later(ecr, 299);
    walked = await walk(walked.resource, ecr);
    t.is(walked.outcome.is, 'failed');
    later(ecr, 1);
    walked = await walk(walked.resource, ecr);
    t.like(walked.outcome, {is: 'stalled', reason: 'PrincipalNotFound', seconds: 600});
    later(ecr, 600);
    walked = await walk(walked.resource, ecr);
    t.is(walked.outcome.is, 'stalled', 'it stays so for this spec');
    const next = await walk({...walked.resource, metadata: {...walked.resource.metadata, generation: 2}}, ecr);
    t.is(next.outcome.is, 'failed', 'another spec is waited for anew');
    ecr.before = () => {};
    t.is((await walk(walked.resource, ecr)).outcome.reason, 'InSync', 'the role was made after all');
  }
});

test('a policy that names no role and is refused is not retried', async (t) => {
  const ecr = new MemoryEcr();
  refusing(ecr, `'Invalid repository policy provided'`);
  const {outcome} = await walk(resourceOf({repositoryPolicy: {policyText: policyOf('123456789012')}}), ecr);
  t.like(outcome, {is: 'stalled', reason: 'InvalidParameter'});
});

test('a role that was deleted is told, and the policy is not written over and over', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await walk(resourceOf({repositoryPolicy: {policyText: policyOf(role, '123456789012')}}), ecr);
  ecr.repositories.get('app')!.policyText = policyOf('arn:aws:iam::123456789012:root', id);
  const gone = await walk(resource, ecr);
  t.deepEqual(gone.steps, []);
  t.like(gone.outcome, {is: 'stalled', reason: 'PrincipalGone'});
  t.regex(gone.outcome.message, /role\/ci, deleted in AWS/);
  const again = await walk(gone.resource, ecr);
  t.deepEqual(again.steps, []);
  t.deepEqual(again.resource.status, gone.resource.status);
});

test('a new spec is tried once more, and given up in the same words while the role is gone', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await walk(resourceOf({repositoryPolicy: {policyText: policyOf(role)}}), ecr);
  ecr.repositories.get('app')!.policyText = policyOf(id);
  refusing(ecr, `'Principal not found'`);
  const edited = {...resource, metadata: {...resource.metadata, generation: 2}};
  const tried = await walk(edited, ecr);
  t.like(tried.outcome, {is: 'failed', reason: 'PrincipalNotFound'});
  later(ecr, 300);
  const over = await walk(tried.resource, ecr);
  t.like(over.outcome, {is: 'stalled', reason: 'PrincipalNotFound'});
  ecr.take();
  const gone = await walk((await walk(over.resource, ecr)).resource, ecr);
  t.like(gone.outcome, {is: 'stalled', reason: 'PrincipalGone'});
  t.false(ecr.take().includes('SetRepositoryPolicy'));
  ecr.before = () => {};
  const made = await walk({...gone.resource, metadata: {...resource.metadata, generation: 3}}, ecr);
  t.is(made.outcome.reason, 'InSync', 'the role was made again');
  t.is(ecr.repositories.get('app')?.policyText, policyOf(role));
});

test('what else differs is still put right beside a role that is gone', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await walk(resourceOf({imageTagMutability: 'IMMUTABLE', repositoryPolicy: {policyText: policyOf(role)}}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.policyText = policyOf(id);
  stored.repository = {...stored.repository, imageTagMutability: 'MUTABLE'};
  const {steps, outcome} = await walk(resource, ecr);
  t.deepEqual(
    steps.map(({call}) => call),
    ['PutImageTagMutability'],
  );
  t.is(outcome.reason, 'PrincipalGone');
});

test('a policy that would lock the operator out is refused in words, and set with force', async (t) => {
  const ecr = new MemoryEcr();
  refusing(ecr, 'a text that AWS does not document');
  const policyText = JSON.stringify({Statement: [{Effect: 'Deny', Principal: '*', Action: 'ecr:*'}]});
  const {outcome} = await walk(resourceOf({repositoryPolicy: {policyText}}), ecr);
  t.like(outcome, {is: 'stalled', reason: 'PolicyWouldLockOut'});
  t.regex(outcome.message, /set spec\.repositoryPolicy\.force to true.*a text that AWS does not document/);
  const forced = await walk(resourceOf({repositoryPolicy: {policyText, force: true}}), ecr);
  t.is(forced.outcome.reason, 'InvalidParameter', 'with force it is not that');
});

const statement = (more: object) => JSON.stringify({Statement: {Effect: 'Deny', Principal: '*', ...more}});

test('what may lock out is a Deny of SetRepositoryPolicy', (t) => {
  for (const actions of ['*', 'ecr:*', 'ECR:Set*', ['ecr:BatchGetImage', 'ecr:SetRepositoryPolic?']]) {
    t.true(mayLockOut(statement({Action: actions})), String(actions));
  }
  t.true(mayLockOut(statement({NotAction: 'ecr:BatchGetImage'})));
  t.false(mayLockOut(statement({NotAction: 'ecr:*'})));
  t.false(mayLockOut(statement({Action: 'ecr:BatchGetImage'})));
  t.false(mayLockOut(statement({Action: '*', Effect: 'Allow'})));
  t.false(mayLockOut('[]'));
});

test('a policy that was refused does not make the one in its place ours to delete', async (t) => {
  const ecr = new MemoryEcr();
  const theirs = policyOf('210987654321');
  ecr.put('app', {policyText: theirs});
  refusing(ecr, `'Principal not found'`);
  const {resource} = await walk(resourceOf({adoptionPolicy: 'Adopt', repositoryPolicy: {policyText: policyOf(role)}}), ecr);
  ecr.before = () => {};
  const {outcome} = await walk({...resource, spec: resourceOf({adoptionPolicy: 'Adopt'}).spec}, ecr);
  t.is(outcome.reason, 'InSync');
  t.is(ecr.repositories.get('app')?.policyText, theirs);
});

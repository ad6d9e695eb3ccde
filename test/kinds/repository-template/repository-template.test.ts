import test from 'ava';
import * as fc from 'fast-check';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {ownerTag} from '../../../src/kinds/ownership.ts';
import {repositoryTemplate} from '../../../src/kinds/repository-template/index.ts';
import {templateFor} from '../../../src/kinds/repository-template/matching.ts';
import {RepositoryTemplateSpec, type RepositoryTemplateStatus} from '../../../src/kinds/repository-template/schema.ts';
import type {Metadata, Resource} from '../../../src/schema/object.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {MemoryTemplates} from './memory-templates.ts';

type Spec = RepositoryTemplateSpec;

const lifecycle = (count: number) =>
  JSON.stringify({
    rules: [
      {rulePriority: 1, selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: count}, action: {type: 'expire'}},
    ],
  });

function resourceOf(spec: object = {}, more: Partial<Metadata> = {}, status?: object): Resource<Spec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'RepositoryTemplate',
    metadata: {name: 'team', uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...more},
    spec: RepositoryTemplateSpec.parse({appliedFor: ['CREATE_ON_PUSH'], ...spec}),
    ...(status && {status}),
  };
}

const walk = (resource: Resource<Spec>, aws: MemoryTemplates, objects: readonly Resource[] = []) =>
  walkOnce(repositoryTemplate, resource, aws.doors(objects));

test('a template is made, and then nothing is left to do', async (t) => {
  const aws = new MemoryTemplates();
  const first = await walk(resourceOf({lifecyclePolicy: {lifecyclePolicyText: lifecycle(3)}}), aws);
  t.deepEqual(aws.take(), ['Describe', 'Create']);
  t.like(first.outcome, {is: 'settled', reason: 'InSync'});
  t.is(aws.templates.get('team')?.lifecyclePolicy, lifecycle(3));
  const second = await walk(first.resource, aws);
  t.deepEqual(aws.take(), ['Describe']);
  t.deepEqual(second.report.fields, first.report.fields);
});

test('any change of one side is set right, and what the spec does not say is cleared', async (t) => {
  const aws = new MemoryTemplates();
  const {resource} = await walk(resourceOf({lifecyclePolicy: {lifecyclePolicyText: lifecycle(3)}, description: 'a'}), aws);
  const made = aws.templates.get('team');
  t.truthy(made);
  for (const change of [
    {description: 'other'},
    {imageTagMutability: 'IMMUTABLE'},
    {appliedFor: ['REPLICATION']},
    {lifecyclePolicy: lifecycle(9)},
  ]) {
    aws.templates.set('team', {...made!, ...change});
    const {outcome, steps} = await walk(resource, aws);
    t.is(steps.length, 1, JSON.stringify(change));
    t.is(outcome.reason, 'InSync');
    t.like(aws.templates.get('team'), {description: 'a', imageTagMutability: 'MUTABLE', lifecyclePolicy: lifecycle(3)});
  }
  const {steps} = await walk(resourceOf({}, {generation: 2}, resource.status as object), aws);
  t.deepEqual(
    steps.map(({call}) => call),
    ['UpdateRepositoryCreationTemplate'],
  );
  t.is(aws.templates.get('team')?.lifecyclePolicy, undefined);
  t.is(aws.templates.get('team')?.description, undefined);
});

test('Report changes nothing and says what differs', async (t) => {
  const aws = new MemoryTemplates();
  const {resource} = await walk(resourceOf({driftPolicy: 'Report'}), aws);
  aws.templates.set('team', {...aws.templates.get('team')!, imageTagMutability: 'IMMUTABLE'});
  const {outcome, steps} = await walk(resource, aws);
  t.deepEqual(steps, []);
  t.like(outcome, {is: 'stalled', reason: 'Drifted'});
  t.regex(outcome.message, /imageTagMutability/);
});

test('one that somebody made is left alone, unless it says the same, or is to be taken over', async (t) => {
  const aws = new MemoryTemplates();
  aws.put({prefix: 'team', imageTagMutability: 'IMMUTABLE'});
  const foreign = await walk(resourceOf(), aws);
  t.like(foreign.outcome, {is: 'stalled', reason: 'TemplateNotOwned'});
  t.regex(foreign.outcome.message, /differs in imageTagMutability.*adoptionPolicy to Adopt/);
  t.is((foreign.report.fields as RepositoryTemplateStatus).createdAt, undefined);
  const same = await walk(resourceOf({imageTagMutability: 'IMMUTABLE'}), aws);
  t.like(same.outcome, {is: 'settled'});
  t.deepEqual(same.steps, []);
  const never = await walk(resourceOf({imageTagMutability: 'IMMUTABLE', adoptionPolicy: 'Never'}), aws);
  t.like(never.outcome, {reason: 'TemplateNotOwned'});
  const taken = await walk(resourceOf({adoptionPolicy: 'Adopt'}), aws);
  t.like(taken.outcome, {is: 'settled'});
  t.is(aws.templates.get('team')?.imageTagMutability, 'MUTABLE');
});

test('a template that could not be taken over is not ours, and is never deleted as such', async (t) => {
  const aws = new MemoryTemplates();
  aws.put({prefix: 'team', imageTagMutability: 'IMMUTABLE'});
  const door = aws.door();
  const denied = {is: 'stalled', reason: 'AccessDenied', message: 'no'} as const;
  aws.door = () => ({...door, update: () => Promise.reject(new Interruption(denied))});
  const refused = await walk(resourceOf({adoptionPolicy: 'Adopt', deletionPolicy: 'Delete'}), aws);
  t.like(refused.outcome, denied);
  t.is((refused.report.fields as RepositoryTemplateStatus).createdAt, undefined);
  const gone = {...refused.resource, metadata: {...refused.resource.metadata, deletionTimestamp: '2026-01-02T00:00:00Z'}};
  t.like((await walk(gone, aws)).outcome, {reason: 'Retained'});
  t.true(aws.templates.has('team'));
});

test('deletion: Retain leaves it, Delete takes away what is ours and nothing else', async (t) => {
  const gone = {deletionTimestamp: '2026-01-02T00:00:00Z'};
  const aws = new MemoryTemplates();
  const {resource} = await walk(resourceOf({deletionPolicy: 'Delete'}), aws);
  const retained = await walk(resourceOf({}, gone, resource.status as object), aws);
  t.like(retained.outcome, {is: 'settled', reason: 'Retained'});
  t.true(aws.templates.has('team'));
  const ours = aws.templates.get('team')!;
  aws.templates.set('team', {...ours, createdAt: '2020-01-01T00:00:00.000Z'});
  const replaced = await walk({...resource, metadata: {...resource.metadata, ...gone}}, aws);
  t.like(replaced.outcome, {is: 'settled', reason: 'Retained'});
  t.true(aws.templates.has('team'));
  aws.templates.set('team', ours);
  const deleted = await walk({...resource, metadata: {...resource.metadata, ...gone}}, aws);
  t.like(deleted.outcome, {is: 'settled', reason: 'Deleted'});
  t.false(aws.templates.has('team'));
});

test('of two objects of one prefix the older has it', async (t) => {
  const aws = new MemoryTemplates();
  const elder = resourceOf({}, {name: 'elder', creationTimestamp: '2025-01-01T00:00:00Z'});
  const rival = {...elder, spec: {...elder.spec, prefix: 'team'}};
  const {outcome, steps} = await walk(resourceOf(), aws, [rival]);
  t.like(outcome, {is: 'stalled', reason: 'PrefixTaken'});
  t.regex(outcome.message, /RepositoryTemplate elder/);
  t.deepEqual(steps, []);
  t.like((await walk(rival, aws, [resourceOf()])).outcome, {is: 'settled'});
});

test('the longest prefix has a repository, and ROOT what no other has', (t) => {
  t.is(templateFor('team/a/b', ['team', 'team/a', 'ROOT']), 'team/a');
  t.is(templateFor('team/b', ['team', 'team/a', 'ROOT']), 'team');
  t.is(templateFor('teams/b', ['team', 'ROOT']), 'ROOT');
  t.is(templateFor('team', ['team']), undefined);
});

test('repositories that are there are brought in line, fifty a walk, and those with an object are left to it', async (t) => {
  const aws = new MemoryTemplates();
  for (let index = 0; index < 120; index += 1) aws.ecr.put(`team/r${String(index).padStart(3, '0')}`);
  aws.ecr.put('other/r');
  aws.ecr.put('team/special/r');
  aws.put({prefix: 'team/special'});
  aws.ecr.put('team/managed', {tags: {[ownerTag]: 'a/b/c'}});
  aws.ecr.put('team/kms', {repository: {encryptionType: 'KMS', imageTagMutability: 'IMMUTABLE'}});
  let resource = resourceOf({
    applyToExisting: true,
    imageTagMutability: 'IMMUTABLE',
    encryptionConfiguration: {encryptionType: 'AES256'},
    lifecyclePolicy: {lifecyclePolicyText: lifecycle(5)},
  });
  const outcomes: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const walked = await walk(resource, aws);
    outcomes.push(walked.outcome.is);
    ({resource} = walked);
    if (walked.outcome.is === 'settled') break;
  }
  t.deepEqual(outcomes, ['waiting', 'waiting', 'waiting', 'settled']);
  const {existing} = resource.status as RepositoryTemplateStatus;
  t.like(existing, {matching: 122, managed: 1, changed: 121, encryptionDiffers: 1, failedCount: 0});
  const of = (name: string) => aws.ecr.repositories.get(name);
  t.is(of('team/r077')?.repository.imageTagMutability, 'IMMUTABLE');
  t.is(of('team/r119')?.lifecyclePolicyText, lifecycle(5));
  for (const name of ['other/r', 'team/special/r', 'team/managed']) {
    t.is(of(name)?.repository.imageTagMutability, 'MUTABLE', name);
    t.is(of(name)?.lifecyclePolicyText, undefined, name);
  }
  aws.take();
  t.like((await walk(resource, aws)).outcome, {is: 'settled'});
  t.deepEqual(aws.take(), ['Describe']);
  aws.now += 7 * 3_600_000;
  aws.ecr.put('team/r000');
  const later = await walk(resource, aws);
  t.is(later.steps.length, 2);
  t.like(later.outcome, {is: 'settled', seconds: 1}, 'a later look is no news of the template');
});

test('one repository that cannot be changed does not keep the others from it', async (t) => {
  const aws = new MemoryTemplates();
  for (const name of ['team/a', 'team/b', 'team/c']) aws.ecr.put(name);
  const door = aws.ecr.door();
  aws.ecr.door = () => ({
    ...door,
    putImageTagMutability: (name, mode, filters) =>
      name === 'team/b'
        ? Promise.reject(new Interruption({is: 'stalled', reason: 'AccessDenied', message: 'no'}))
        : door.putImageTagMutability(name, mode, filters),
  });
  let resource = resourceOf({applyToExisting: true, imageTagMutability: 'IMMUTABLE'});
  ({resource} = await walk(resource, aws));
  const {outcome, report} = await walk(resource, aws);
  t.like(outcome, {is: 'settled'});
  t.like((report.fields as RepositoryTemplateStatus).existing, {
    changed: 2,
    failedCount: 1,
    failed: [{repositoryName: 'team/b', message: 'no'}],
  });
  t.like(report.conditions, [{type: 'ExistingInLine', status: 'False', reason: 'ExistingNotInLine', aside: true}]);
});

test('killed anywhere, it ends in the same state', async (t) => {
  const settings = fc.record({
    applyToExisting: fc.boolean(),
    imageTagMutability: fc.constantFrom('MUTABLE', 'IMMUTABLE'),
    lifecyclePolicy: fc.option(
      fc.integer({min: 1, max: 9}).map((count) => ({lifecyclePolicyText: lifecycle(count)})),
      {nil: undefined},
    ),
    description: fc.option(fc.constantFrom('a', 'b'), {nil: undefined}),
  });
  await fc.assert(
    fc.asyncProperty(settings, settings, fc.array(fc.integer({min: 0, max: 6}), {maxLength: 4}), async (one, two, kills) => {
      const end = async (deaths: readonly number[]) => {
        const aws = new MemoryTemplates();
        for (const name of ['team/a', 'team/b', 'else/c']) aws.ecr.put(name);
        let status: object | undefined;
        for (const [index, spec] of [one, two].entries()) {
          const left = [...deaths];
          for (let round = 0; round < 8; round += 1) {
            let until = left.shift() ?? 100;
            try {
              const walked = await walkOnce(repositoryTemplate, resourceOf(spec, {generation: index + 1}, status), aws.doors(), () => {
                if (until-- === 0) throw new Killed();
              });
              status = walked.resource.status as object;
              if (walked.outcome.is === 'settled' && left.length === 0) break;
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
            }
          }
        }
        const {createdAt: _, updatedAt: __, ...template} = aws.templates.get('team')!;
        const repositories = [...aws.ecr.repositories.values()].map(({repository, tags, lifecyclePolicyText}) => [
          repository.repositoryName,
          repository.imageTagMutability,
          tags,
          lifecyclePolicyText,
        ]);
        return {template, repositories};
      };
      t.deepEqual(await end(kills), await end([]));
    }),
    {numRuns: 60},
  );
});

import test from 'ava';
import * as fc from 'fast-check';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {repository} from '../../../src/kinds/repository/index.ts';
import {ownerTag, uidTag} from '../../../src/kinds/ownership.ts';
import {dice, repositoryPolicy, respelled} from '../../support/policy-spellings.ts';
import {type Input, keep, keepOn, Killed, resourceOf, statusIn, type Walked} from './keep.ts';
import {doorsTo, MemoryEcr} from './memory-ecr.ts';

const owner = '3f0e8a52-0000-4000-8000-000000000001/team/app';

const rules = fc.uniqueArray(
  fc.record({
    rulePriority: fc.integer({min: 1, max: 5}),
    selection: fc.record({
      tagStatus: fc.constant('tagged' as const),
      tagPatternList: fc.constantFrom(['a*'], ['b*', 'c']),
      countType: fc.constant('imageCountMoreThan' as const),
      countNumber: fc.integer({min: 1, max: 9}),
    }),
    action: fc.constant({type: 'expire' as const}),
  }),
  {minLength: 1, maxLength: 3, selector: ({rulePriority}) => rulePriority},
);
const lifecyclePolicyText = rules.map((all) => JSON.stringify({rules: all}));
const policyText = fc
  .array(
    fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.constantFrom<unknown>('*', {AWS: '123456789012'}),
      Action: fc.subarray(['ecr:*', 'ecr:BatchGetImage']),
    }),
    {maxLength: 3},
  )
  .map((Statement) => JSON.stringify({Version: '2012-10-17', Statement}));
const filters = fc
  .uniqueArray(fc.constantFrom('dev-*', 'test-*', 'x'), {minLength: 1})
  .map((all) => all.map((filter) => ({filterType: 'WILDCARD', filter})));
const mutability = fc.oneof(
  fc.constant({}),
  fc.constantFrom('MUTABLE', 'IMMUTABLE').map((imageTagMutability) => ({imageTagMutability})),
  fc
    .tuple(fc.constantFrom('MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'), filters)
    .map(([imageTagMutability, imageTagMutabilityExclusionFilters]) => ({imageTagMutability, imageTagMutabilityExclusionFilters})),
);
const tags = fc.uniqueArray(fc.record({key: fc.constantFrom('a', 'b', 'c'), value: fc.constantFrom('', '1', '2')}), {
  selector: ({key}) => key,
});

/** A spec, as a user may write it. */
const spec: fc.Arbitrary<Input> = fc
  .tuple(
    mutability,
    fc.record(
      {
        imageScanningConfiguration: fc.record({scanOnPush: fc.boolean()}),
        lifecyclePolicy: fc.oneof(fc.record({lifecyclePolicyText}), fc.record({rules})),
        lifecycleGuard: fc.constantFrom('Protect', 'Warn', 'Off'),
        repositoryPolicy: fc.record({policyText, force: fc.boolean()}, {requiredKeys: ['policyText']}),
        tags,
        adoptionPolicy: fc.constantFrom('IfOwned', 'Adopt', 'Never'),
      },
      {requiredKeys: []},
    ),
  )
  .map(([one, other]) => ({...one, ...other}));

/** What may be in ECR before. */
const before = fc.option(
  fc.record({
    isOurs: fc.boolean(),
    tags: fc.dictionary(fc.constantFrom('a', 'b', 'foreign', 'aws:cloudformation:stack-name'), fc.constantFrom('1', '9'), {
      noNullPrototype: true,
    }),
    mutability,
    scanOnPush: fc.boolean(),
    lifecyclePolicyText: fc.option(lifecyclePolicyText, {nil: undefined}),
    policyText: fc.option(policyText, {nil: undefined}),
    images: fc.constantFrom(0, 1),
  }),
  {nil: undefined},
);

type Before = typeof before extends fc.Arbitrary<infer T> ? T : never;

function registryOf(state: Before): MemoryEcr {
  const ecr = new MemoryEcr();
  if (state === undefined) return ecr;
  const {isOurs, scanOnPush, images} = state;
  ecr.put('app', {
    images,
    tags: {...state.tags, ...(isOurs && {[ownerTag]: owner, [uidTag]: 'uid-1'})},
    repository: {scanOnPush, imageTagMutability: 'MUTABLE', ...state.mutability},
    ...(state.lifecyclePolicyText !== undefined && {lifecyclePolicyText: state.lifecyclePolicyText}),
    ...(state.policyText !== undefined && {policyText: state.policyText}),
  });
  return ecr;
}

test('from any state, a walk settles or refuses, and the next plans nothing', async (t) => {
  await fc.assert(
    fc.asyncProperty(spec, before, async (input, state) => {
      const ecr = registryOf(state);
      const untouched = structuredClone(ecr.repositories);
      const first = await keepOn(resourceOf(input), ecr);
      const isForeign = state !== undefined && !state.isOurs && input.adoptionPolicy !== 'Adopt';
      t.is(first.outcome.reason, isForeign ? 'RepositoryNotOwned' : 'InSync');
      if (isForeign) {
        t.deepEqual(ecr.repositories, untouched);
        return;
      }
      const again = await keep(first.resource, ecr);
      t.deepEqual(again.steps, []);
      t.is(again.outcome.is, 'settled');
      t.deepEqual(again.resource.status, first.resource.status);
      for (const key of ['foreign', 'aws:cloudformation:stack-name']) {
        t.is(ecr.repositories.get('app')?.tags[key], state?.tags[key], 'tags of others stay');
      }
    }),
    {numRuns: 300},
  );
});

test('the plan is empty after its own steps, applied in any order once the repository is there', async (t) => {
  await fc.assert(
    fc.asyncProperty(spec, spec, before, fc.infiniteStream(fc.nat()), async (input, next, state, chance) => {
      const ecr = registryOf(state && {...state, isOurs: true});
      const {resource} = await keepOn(resourceOf(input), ecr);
      const changed = {...resourceOf(next, {generation: 2}), status: resource.status};
      const doors = doorsTo(ecr);
      let observed = await repository.observe(changed, doors);
      const steps = [...repository.plan(changed, observed, doors.now()).steps];
      while (steps.length > 0) {
        const [step] = steps.splice((chance.next().value ?? 0) % steps.length, 1);
        if (step === undefined) break;
        observed = (await repository.apply(step, doors)).advance(observed);
      }
      t.deepEqual(repository.plan(changed, observed, doors.now()).steps, []);
      const seen = await repository.observe(changed, doors);
      t.deepEqual(repository.plan(changed, seen, doors.now()).steps, [], 'what was advanced is what is there');
    }),
    {numRuns: 300},
  );
});

test('a repository policy that AWS gives back in another spelling is no drift', async (t) => {
  await fc.assert(
    fc.asyncProperty(repositoryPolicy, dice, dice, async (policy, asWritten, asAnswered) => {
      const ecr = new MemoryEcr();
      const {resource} = await keep(resourceOf({repositoryPolicy: {policyText: respelled(policy, asWritten)}}), ecr);
      const stored = ecr.repositories.get('app');
      if (stored) stored.policyText = respelled(policy, asAnswered);
      const again = await keep(resource, ecr);
      t.deepEqual(again.steps, []);
      t.is(again.outcome.reason, 'InSync');
    }),
    {numRuns: 300},
  );
});

test('killed, throttled or cut off at any call, any number of times, it ends in the same state', async (t) => {
  const fault = fc.constantFrom('killed', 'throttled', 'lost', 'invisible');
  await fc.assert(
    fc.asyncProperty(spec, before, fc.array(fc.tuple(fc.nat({max: 6}), fault), {maxLength: 5}), async (input, state, faults) => {
      const usual = registryOf(state);
      const wanted = await keepOn(resourceOf(input), usual);

      const ecr = registryOf(state);
      let resource = resourceOf(input);
      for (const [after, kind] of faults) resource = (await hurt(resource, ecr, after, kind)) ?? resource;
      ecr.before = () => {};
      const last = await keepOn(resource, ecr);
      t.is(last.outcome.reason, wanted.outcome.reason);
      t.deepEqual(withoutTimes(ecr), withoutTimes(usual));
      t.deepEqual(withoutHistory(last), withoutHistory(wanted));
    }),
    {numRuns: 300},
  );
});

/** One walk in which the call number `after` fails; `undefined` where its status is lost. */
async function hurt(resource: Walked['resource'], ecr: MemoryEcr, after: number, kind: string): Promise<Walked['resource'] | undefined> {
  let left = after;
  ecr.before = () => {
    left -= 1;
    if (left >= 0) return;
    if (kind === 'invisible')
      throw new Interruption({is: 'waiting', reason: 'RepositoryNotVisible', message: 'made a moment ago', seconds: 2});
    if (kind === 'throttled') throw new Interruption({is: 'failed', reason: 'Throttled', message: 'Rate exceeded'});
    throw new Killed();
  };
  try {
    const walked = await keep(resource, ecr, {
      onStep() {
        // The call was made, and its answer is lost.
        if (kind === 'lost' && left <= 0) throw new Killed();
      },
    });
    return walked.resource;
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

function withoutTimes(ecr: MemoryEcr): unknown {
  return [...ecr.repositories.values()].map((stored) => ({
    ...stored,
    preview: undefined,
    repository: {...stored.repository, createdAt: ''},
  }));
}

/** One that was stopped may have asked for a preview that it would not have needed. */
function withoutHistory({resource}: Walked): unknown {
  return {...statusIn(resource), createdAt: '', lifecyclePreview: undefined};
}

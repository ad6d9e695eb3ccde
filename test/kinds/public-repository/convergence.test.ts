import test from 'ava';
import * as fc from 'fast-check';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {ownerTag, uidTag} from '../../../src/kinds/ownership.ts';
import {publicRepository} from '../../../src/kinds/public-repository/index.ts';
import type {Resource} from '../../../src/schema/object.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {edited, keep, owner, resourceOf, type Spec, statusIn} from './keep.ts';
import {MemoryEcrPublic} from './memory-public.ts';

const logos = ['one', 'other'].map((text) => Buffer.from(text).toString('base64'));
const texts = fc.constantFrom('', 'a', 'b');
const catalog = fc.record(
  {
    description: texts,
    architectures: fc.subarray(['ARM', 'ARM 64', 'x86'] as const),
    operatingSystems: fc.subarray(['Linux', 'Windows'] as const),
    logoImageBlob: fc.constantFrom(...logos),
    aboutText: texts,
    usageText: texts,
  },
  {requiredKeys: [], noNullPrototype: true},
);
const policyText = fc
  .subarray(['ecr-public:*', 'ecr-public:PutImage'])
  .map((Action) => JSON.stringify({Version: '2012-10-17', Statement: [{Effect: 'Allow', Principal: '*', Action}]}));
const tags = fc.uniqueArray(fc.record({key: fc.constantFrom('a', 'b'), value: fc.constantFrom('', '1')}), {selector: ({key}) => key});

/** A spec, as a user may write it. */
const spec = fc.record(
  {
    catalogData: catalog,
    repositoryPolicy: fc.record({policyText}),
    tags,
    adoptionPolicy: fc.constantFrom('IfOwned', 'Adopt', 'Never'),
  },
  {requiredKeys: [], noNullPrototype: true},
);

/** What may be in ECR Public before. */
const before = fc.option(
  fc.record({
    isOurs: fc.boolean(),
    tags: fc.dictionary(fc.constantFrom('a', 'foreign'), fc.constantFrom('1', '9'), {noNullPrototype: true}),
    catalog,
    policyText: fc.option(policyText, {nil: undefined}),
  }),
  {nil: undefined},
);

type Before = typeof before extends fc.Arbitrary<infer T> ? T : never;

function registryOf(state: Before): MemoryEcrPublic {
  const ecr = new MemoryEcrPublic();
  if (state === undefined) return ecr;
  ecr.put('app', {
    tags: {...state.tags, ...(state.isOurs && {[ownerTag]: owner, [uidTag]: 'uid-1'})},
    catalog: withoutEmpty(state.catalog),
    ...(state.policyText !== undefined && {policyText: state.policyText}),
  });
  return ecr;
}

test('from any state, a walk settles or refuses, and the next plans nothing', async (t) => {
  await fc.assert(
    fc.asyncProperty(spec, before, async (input, state) => {
      const ecr = registryOf(state);
      const untouched = structuredClone(ecr.repositories);
      const first = await keep(resourceOf(input), ecr);
      if (state !== undefined && !state.isOurs && input.adoptionPolicy !== 'Adopt') {
        t.is(first.outcome.reason, 'RepositoryNotOwned');
        t.deepEqual(ecr.repositories, untouched);
        return;
      }
      const again = await keep(first.resource, ecr);
      t.deepEqual(again.steps, []);
      t.deepEqual(again.outcome, first.outcome);
      t.deepEqual(again.resource.status, first.resource.status);
      const stored = ecr.repositories.get('app');
      t.is(stored?.tags['foreign'], state?.tags['foreign'], 'tags of others stay');
      if (first.outcome.reason === 'LogoWouldBeLost') {
        t.deepEqual(stored?.catalog, untouched.get('app')?.catalog, 'the catalogue with the logo stays');
        return;
      }
      t.is(first.outcome.reason, 'InSync');
      t.deepEqual(stored?.catalog, withoutEmpty({...state?.catalog, ...input.catalogData}), 'what the spec does not say stays');
    }),
    {numRuns: 300},
  );
});

test('the plan is empty after its own steps, applied in any order once the repository is there', async (t) => {
  await fc.assert(
    fc.asyncProperty(spec, spec, fc.infiniteStream(fc.nat()), async (input, next, chance) => {
      const ecr = new MemoryEcrPublic();
      const {resource} = await keep(resourceOf(input), ecr);
      const changed = edited(resource, next);
      const doors = ecr.doors();
      let observed = await publicRepository.observe(changed, doors);
      const steps = [...publicRepository.plan(changed, observed).steps];
      while (steps.length > 0) {
        const [step] = steps.splice((chance.next().value ?? 0) % steps.length, 1);
        if (step === undefined) break;
        observed = (await publicRepository.apply(step, doors)).advance(observed);
      }
      t.deepEqual(publicRepository.plan(changed, observed).steps, []);
      const {fields} = publicRepository.status(changed, observed, publicRepository.plan(changed, observed).then);
      const seen = await publicRepository.observe({...changed, status: fields}, doors);
      t.deepEqual(publicRepository.plan({...changed, status: fields}, seen).steps, [], 'what was advanced is what is there');
      t.deepEqual(ecr.repositories.get('app')?.catalog, withoutEmpty(next.catalogData ?? {}), 'what was taken out is cleared');
    }),
    {numRuns: 300},
  );
});

test('killed, throttled or cut off at any call, any number of times, it ends in the same state', async (t) => {
  const fault = fc.constantFrom('killed', 'throttled', 'lost');
  await fc.assert(
    fc.asyncProperty(spec, before, fc.array(fc.tuple(fc.nat({max: 6}), fault), {maxLength: 5}), async (input, state, faults) => {
      const usual = registryOf(state);
      const wanted = await keep(resourceOf(input), usual);
      const ecr = registryOf(state);
      let resource = resourceOf(input);
      for (const [after, kind] of faults) resource = (await hurt(resource, ecr, after, kind)) ?? resource;
      ecr.before = () => {};
      const last = await keep(resource, ecr);
      t.is(last.outcome.reason, wanted.outcome.reason);
      t.deepEqual([...ecr.repositories], [...usual.repositories]);
      t.deepEqual(statusIn(last.resource), statusIn(wanted.resource));
    }),
    {numRuns: 300},
  );
});

/** One walk in which the call number `after` fails; `undefined` where its status is lost. */
async function hurt(resource: Resource<Spec>, ecr: MemoryEcrPublic, after: number, kind: string): Promise<Resource<Spec> | undefined> {
  let left = after;
  ecr.before = () => {
    left -= 1;
    if (left >= 0) return;
    if (kind === 'throttled') throw new Interruption({is: 'failed', reason: 'Throttled', message: 'Rate exceeded'});
    throw new Killed();
  };
  try {
    const walked = await walkOnce(publicRepository, resource, ecr.doors(), () => {
      // The call was made, and its answer is lost.
      if (kind === 'lost' && left <= 0) throw new Killed();
    });
    return walked.resource;
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

function withoutEmpty(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]: [string, string | readonly string[]]) => value.length > 0));
}

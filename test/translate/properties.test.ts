import test from 'ava';
import * as fc from 'fast-check';
import {escapeDollars} from '../../src/translate/dollar.ts';
import {driftIn} from '../../src/translate/drift.ts';
import {labelName, labelValue, portName} from '../../src/translate/names.ts';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';
import {surgeOf} from '../../src/translate/rollout.ts';
import {translate} from '../../src/translate/translate.ts';
import {unaccounted} from './accounting.ts';
import {carriedTaskDefinitions, taskDefinitions} from './arbitrary.ts';
import {expand} from './expansion.ts';

const settings = {name: 'web'};
/** More by hand: DRAYAGE_FUZZ_RUNS=5000. */
const numRuns = Number(process.env['DRAYAGE_FUZZ_RUNS'] ?? 100);

test('the expansion of Kubernetes, as it is written here, does what was measured on a node', (t) => {
  const variables = {FOO: 'bar'};
  t.is(expand('$$X', variables), '$X');
  t.is(expand('$(FOO)', variables), 'bar');
  t.is(expand('$$(FOO)', variables), '$(FOO)');
  t.is(expand('$$$$', variables), '$$');
  t.is(expand('$BAR', variables), '$BAR');
});

test('any text survives the expansion of Kubernetes', (t) => {
  const text = fc.string({unit: fc.constantFrom('$', '(', ')', 'F', 'O', '{', '}', ' ', 'ü')});
  fc.assert(fc.property(text, (input) => expand(escapeDollars(input), {F: 'wrong', FO: 'wrong', '': 'wrong'}) === input));
  t.pass();
});

test('any JSON at all is translated or refused, and never throws', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({maxDepth: 4}), fc.jsonValue({maxDepth: 3}), (task, service) => {
      const {manifests, notes} = translate(task, service, settings);
      return manifests.length > 0 || notes.some(({level}) => level === 'refused');
    }),
  );
  t.pass();
});

test('task definitions with any of their fields replaced by any JSON never throw', (t) => {
  const mangled = fc.tuple(
    taskDefinitions,
    fc.dictionary(fc.constantFrom('family', 'containerDefinitions', 'volumes', 'cpu', 'tags', '__proto__'), fc.jsonValue()),
  );
  fc.assert(fc.property(mangled, ([task, over]) => translate({...task, ...over}, {}, settings).notes.length > 0));
  t.pass();
});

test('the same definition gives the same result, and normalising it twice changes nothing', (t) => {
  fc.assert(
    fc.property(taskDefinitions, (task) => {
      t.deepEqual(translate(task, {}, settings), translate(structuredClone(task), {}, settings));
      const {value} = normalizeTaskDefinition(task);
      if (value !== undefined) t.deepEqual(normalizeTaskDefinition(value).value, value);
    }),
  );
});

test('every leaf of a definition changes what is made, or has a note', (t) => {
  fc.assert(
    fc.property(carriedTaskDefinitions, (task) => {
      const {value, notes} = normalizeTaskDefinition(task);
      t.deepEqual(value === undefined ? notes : unaccounted(value, {}), []);
    }),
    {numRuns},
  );
});

test('what is made has no drift from itself, and replicas that are changed are drift', (t) => {
  fc.assert(
    fc.property(carriedTaskDefinitions, (task) => {
      const [manifest] = translate(task, {}, settings).manifests;
      t.truthy(manifest);
      t.is(driftIn({...manifest, status: {replicas: 1}}, manifest), undefined);
      const changed = structuredClone(manifest) as unknown as {spec: {replicas: number}};
      changed.spec.replicas += 1;
      t.is(driftIn(changed, manifest), 'spec.replicas');
    }),
  );
});

test('names are legal in Kubernetes whatever they are in ECS', (t) => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,255}$/);
  fc.assert(
    fc.property(name, (text) => {
      t.regex(labelName(text), /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      t.regex(labelValue(text), /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/);
      const port = portName(text);
      t.regex(port, /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/);
      t.true(port.length <= 15);
    }),
  );
});

test('percentages never let a deployment go below the minimum or above the maximum of ECS', (t) => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 500}),
      fc.integer({min: 0, max: 100}),
      fc.integer({min: 100, max: 300}),
      (desired, minimum, maximum) => {
        const surge = surgeOf(desired, minimum, maximum);
        if (surge === undefined) return;
        t.true(desired - surge.maxUnavailable >= (desired * minimum) / 100);
        t.true(desired + surge.maxSurge <= (desired * maximum) / 100);
      },
    ),
  );
});

import assert from 'node:assert/strict';
import * as ecs from '@aws-sdk/client-ecs';
import test from 'ava';
import {ecsCoverage} from '../../src/generate/ecs-coverage.ts';
import {enumsOf, typesOfEcs} from '../../src/generate/ecs/enums.ts';
import {companionPatterns} from '../../src/generate/ecs/companions.ts';
import {keys, values} from '../../src/generate/ecs/examples.ts';
import {leavesOf} from '../../src/generate/ecs/leaf.ts';
import {measure, type Result} from '../../src/generate/ecs/measure.ts';
import {leavesOfInput, measuredOperations} from '../../src/generate/ecs/operation.ts';
import {valuesOf} from '../../src/generate/ecs/probe.ts';
import {type Shape, shapeOf} from '../../src/generate/ecs/shape.ts';
import {detailOf, readOutside, verdictOf} from '../../src/generate/ecs/verdict.ts';
import type {Note} from '../../src/translate/note.ts';

const enumOf = await enumsOf(ecs, typesOfEcs);
const operations = measuredOperations(ecs, enumOf);
const measured = operations.flatMap((operation) => operation.measured);
const all = (['RegisterTaskDefinition', 'CreateService', 'RunTask'] as const).map((name) => leavesOfInput(ecs, enumOf, name));
const patterns = new Set(all.flat().map(({pattern}) => pattern));

test('the SDK has the fields that were counted when this was written', (t) => {
  t.deepEqual(
    all.map(({length}) => length),
    [127, 120, 60],
  );
});

test('all of them are measured', (t) => {
  t.is(measured.length, all.slice(0, operations.length).flat().length);
});

test('no field of the SDK is neither used nor noted', (t) => {
  t.deepEqual(
    measured.filter((one) => verdictOf(one) === 'lost').map(({leaf}) => leaf.pattern),
    [],
  );
});

test('no field of the SDK is one that nobody here has heard of', (t) => {
  const unknown = measured.filter(({effects}) => effects.some((effect) => 'reason' in effect && effect.reason === 'UnknownField'));
  t.deepEqual(
    unknown.map(({leaf}) => leaf.pattern),
    [],
  );
});

// What ECS itself refuses says that a definition was made wrongly, and nothing of the field.
const ofEcs =
  /^(?:Invalid|Unknown|Duplicate|NoEssential|Dependency|HealthyWithout|EssentialDependency|MemoryMissing|.*Above|Incompatible|Placeholder)/;

test('every field is tried in a definition that ECS would take', (t) => {
  const wrong = measured.flatMap(({leaf, effects}) =>
    effects.flatMap((effect) =>
      'reason' in effect && effect.is !== 'checked' && ofEcs.test(effect.reason) ? [`${leaf.pattern}: ${effect.reason}`] : [],
    ),
  );
  t.deepEqual(wrong, []);
  const checked = measured.filter(({effects}) => effects.some(({is}) => is === 'checked')).map(({leaf}) => leaf.pattern);
  t.deepEqual(checked, ['requiresCompatibilities[]']);
});

test('examples, keys and companions are of fields that there are', (t) => {
  for (const pattern of [...Object.keys(values), ...Object.keys(readOutside)]) t.true(patterns.has(pattern), pattern);
  for (const pattern of Object.keys(keys)) t.true(patterns.has(`${pattern}.*`), pattern);
  for (const pattern of companionPatterns) {
    t.true(pattern === '' || [...patterns].some((leaf) => leaf.startsWith(`${pattern}.`)), pattern);
  }
});

test('every value of an enum is tried', (t) => {
  for (const {leaf} of measured) {
    if (leaf.shape.is === 'string' && leaf.shape.values !== undefined) t.deepEqual(valuesOf(leaf), leaf.shape.values, leaf.pattern);
  }
  t.true(measured.filter(({leaf}) => leaf.shape.is === 'string' && leaf.shape.values !== undefined).length > 30);
});

// The measuring itself, on a translator of one field.
const structure: Shape = {is: 'structure', name: 'X', isUnion: false, members: [{name: 'a', shape: {is: 'boolean'}, isRequired: false}]};
const leaves = leavesOf(structure);
const note = (level: Note['level'], path = 'a'): Note => ({path, level, reason: 'Because', message: 'It is so.'});
const told = (made: unknown, notes: readonly Note[] = []): Result => ({
  made,
  notes,
});
const cases: Readonly<Record<string, readonly [translate: (a: unknown) => Result, verdict: string, detail: string]>> = {
  'makes a difference': [(a) => told(a), 'carried', ''],
  'makes none': [() => told(1), 'lost', ''],
  'makes none for one value': [(a) => told(a === true), 'carried', ''],
  'is ignored with a note': [(a) => told(1, a === undefined ? [] : [note('ignored')]), 'ignored', '`Because`'],
  'is approximated': [(a) => told(a, a === undefined ? [] : [note('approximated')]), 'approximated', '`Because`'],
  'is refused': [(a) => (a === undefined ? told(1) : told(undefined, [note('refused')])), 'refused', '`Because`'],
  'is refused for one value': [
    (a) => (a === true ? told(1, [note('refused')]) : told(a)),
    'in part',
    '`true`: refused (`Because`); `false`: carried',
  ],
  'is noted above': [(a) => told(1, a === undefined ? [] : [note('ignored', '')]), 'ignored', '`Because`'],
  'has a note that is always there': [() => told(1, [note('approximated', 'b')]), 'lost', ''],
  'only decides what else is refused': [(a) => told(1, a === true ? [note('refused', 'b')] : []), 'carried', '`true`: checked (`Because`)'],
};
for (const [name, [translate, verdict, detail]] of Object.entries(cases)) {
  test(`a field that ${name} is found to be so`, (t) => {
    const [found] = leaves.map((leaf) => measure(leaf, [{base: {}, translate: (input) => translate((input as {a?: unknown}).a)}]));
    assert(found);
    t.is(verdictOf(found), verdict as never);
    t.is(detailOf(found), detail);
    const page = (): string => ecsCoverage([{name: 'PutX', measured: [found]}]);
    if (verdict === 'lost') t.throws(page, {message: 'PutX: a is neither used nor noted'});
    else t.true(page().includes(`| \`a\` | ${verdict} |`));
  });
}

test('a schema that was not known when this was written stops the generation', (t) => {
  t.throws(() => shapeOf(99 - 64, enumOf), {message: /no simple shape 35/});
  t.throws(() => shapeOf([9, 'n', 'X', 0, 0], enumOf), {message: /unknown sort/});
  const loop: unknown[] = [1, 'n', 'Loop', 0, () => loop];
  t.throws(() => shapeOf(loop, enumOf), {message: /Loop is in itself/});
});

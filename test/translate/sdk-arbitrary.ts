import * as fc from 'fast-check';
import type {Leaf} from '../../src/generate/ecs/leaf.ts';
import {valuesOf, withValue} from '../../src/generate/ecs/probe.ts';
import type {Shape} from '../../src/generate/ecs/shape.ts';
import {surroundingsOf} from '../../src/generate/ecs/surroundings.ts';
import {runTaskLeaves, runTaskShape, sdkLeaves, serviceShape, taskShape} from './sdk-leaves.ts';

/** A task definition, and the input of CreateService that runs it. */
export interface Input {
  readonly task: object;
  readonly service: object;
}

const text = fc.oneof(
  fc.string({maxLength: 20}),
  fc.string({unit: 'binary', maxLength: 8}),
  fc.constantFrom(
    '',
    ' ',
    '$(A)',
    '${X}',
    'a'.repeat(300),
    '/x',
    '../..',
    'A_1',
    'arn:aws:s3:::b/k',
    '10.0.0.1',
    '-1',
    '__proto__',
    'constructor',
  ),
);
const number = fc.oneof(fc.integer({min: -1, max: 70_000}), fc.constantFrom(0, 1.5, 2 ** 31, 1e21, -0, 4));

/** Anything of a shape of the SDK: right types, any values, and now and then null. Little of it is what ECS takes. */
function ofShape(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.is === 'structure') return structure(shape.members);
  if (shape.is === 'list') return fc.array(ofShape(shape.of), {maxLength: 2});
  if (shape.is === 'map') return fc.dictionary(text, ofShape(shape.of), {maxKeys: 2});
  if (shape.is !== 'string')
    return {number, boolean: fc.boolean(), timestamp: fc.integer(), document: fc.jsonValue({maxDepth: 2})}[shape.is];
  if (shape.values === undefined) return text;
  return fc.oneof({arbitrary: fc.constantFrom(...shape.values), weight: 4}, {arbitrary: text, weight: 1});
}

// A few members at a time: with all of them nothing would ever get past the first check.
function structure(members: Extract<Shape, {is: 'structure'}>['members']): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(members.map(({name, shape}) => [name, fc.option(ofShape(shape), {freq: 20})]));
  return fc
    .subarray(
      members.map(({name}) => name),
      {maxLength: Math.min(members.length, 6)},
    )
    .chain((names) =>
      fc.record(
        Object.fromEntries(names.map((name) => [name, fields[name] ?? fc.constant(null)])) as Record<string, fc.Arbitrary<unknown>>,
      ),
    );
}

const named = {name: 'app', image: 'nginx', memory: 64};

/** Inputs with the right types and any values. */
export const typedInputs: fc.Arbitrary<Input> = fc
  .tuple(ofShape(taskShape), ofShape(serviceShape), fc.boolean())
  .map(([task, service, isNamed]) => ({task: isNamed ? withNames(task as Json) : (task as object), service: service as object}));

type Json = Readonly<Record<string, unknown>>;

/** With what the first checks ask for, so that more of them get further. */
function withNames(task: Json): object {
  const containers = Array.isArray(task['containerDefinitions']) ? (task['containerDefinitions'] as readonly Json[]) : [];
  const containerDefinitions = containers.map((container, index) => ({...container, ...named, name: `app${index}`}));
  return {...task, family: 'web', containerDefinitions: containerDefinitions.length === 0 ? [named] : containerDefinitions};
}

/** One field, and which of its example values, or any value of its type. */
const settingOf = (leaves: readonly Leaf[]) =>
  fc
    .constantFrom(...leaves)
    .chain((leaf: Leaf) =>
      fc
        .oneof({arbitrary: fc.constantFrom(...valuesOf(leaf)), weight: 12}, {arbitrary: ofShape(leaf.shape), weight: 1})
        .map((value) => ({leaf, value})),
    );
const setting = settingOf(sdkLeaves);

const bases = [...new Set(sdkLeaves.flatMap(({pattern}) => surroundingsOf(pattern)))];

/** Inputs of which most are what ECS takes: some fields set to values that it takes, in a definition around them. */
export const plausibleInputs: fc.Arbitrary<Input> = fc
  .tuple(fc.constantFrom(...bases), fc.array(setting, {maxLength: 6}))
  .map(([{task, service}, settings]) => {
    const whole = settings.reduce<object>((so, {leaf, value}) => withValue(so, leaf.steps, value), {...task, service});
    const {service: asked, ...definition} = whole as {service: object};
    return {task: definition, service: asked};
  });

/** A task definition, and the input of RunTask that runs it. */
export interface Run {
  readonly task: object;
  readonly runTask: object;
}

/** The same for runs: now and then of any values, and most with what ECS takes. */
export const runs: fc.Arbitrary<Run> = fc
  .tuple(
    fc.constantFrom(...new Set(runTaskLeaves.flatMap(({pattern}) => surroundingsOf(pattern)))),
    fc.oneof({arbitrary: fc.array(settingOf(runTaskLeaves), {maxLength: 6}), weight: 3}, {arbitrary: ofShape(runTaskShape), weight: 1}),
  )
  .map(([{task}, asked]) => {
    if (!Array.isArray(asked)) return {task, runTask: asked as object};
    const settings = asked as readonly {readonly leaf: Leaf; readonly value: unknown}[];
    const whole = settings.reduce<object>((so, {leaf, value}) => withValue(so, leaf.steps, value), {runTask: {}});
    return {task, ...(whole as {runTask: object})};
  });

import {at, type Segment} from '../../translate/field-path.ts';
import {besidesOf, companionsOf, insteadOf, lookUp} from './companions.ts';
import {forms, keys, values} from './examples.ts';
import type {Leaf, Step} from './leaf.ts';

type Json = Record<string, unknown>;

/** A definition that sets a leaf to a value that ECS takes. */
export interface Probe {
  readonly value: unknown;
  readonly input: object;
}

export interface Probes {
  /** Where the leaf stands, as notes name it. */
  readonly path: string;
  readonly probes: readonly Probe[];
  /** The same definition without the leaf; undefined where ECS asks for it. */
  readonly without?: object;
  /** Where what `without` lacks begins: the leaf, or the structure that cannot be without it. */
  readonly begins: string;
  /** Whether `without` lacks the leaf and no other. */
  readonly isAlone: boolean;
}

export function probesOf(leaf: Leaf, base: object): Probes {
  const {steps} = leaf;
  const optional = lastOptional(steps);
  const lacking = steps.slice(0, optional + 1);
  return {
    path: pathOf(steps),
    probes: valuesOf(leaf).map((value) => ({value, input: withValue(base, steps, value)})),
    ...(optional >= 0 && {without: unset(base, lacking)}),
    begins: pathOf(optional < 0 ? steps : lacking),
    isAlone: steps.slice(optional + 1).every(({is}) => is !== 'member'),
  };
}

export function valuesOf({pattern, shape}: Leaf): readonly unknown[] {
  const given = lookUp(values, pattern);
  if (given !== undefined) return given;
  if (shape.is === 'string' && shape.values !== undefined) return shape.values;
  if (shape.is === 'boolean') return [true, false];
  const form = forms.find(([fits]) => fits.test(pattern))?.[1];
  if (form !== undefined) return form;
  return shape.is === 'number' ? [10, 20] : shape.is === 'string' ? ['example', 'other'] : [{example: 'other'}];
}

/** The last member that ECS does not ask for, or -1. */
function lastOptional(steps: readonly Step[]): number {
  return steps.findLastIndex((step, index) => {
    if (step.is !== 'member' || step.isRequired) return false;
    return !Object.hasOwn(companionsOf(patternOf(steps.slice(0, index))), step.name);
  });
}

/** A definition in which a leaf has a value, with what ECS asks for beside it. */
export function withValue(base: object, steps: readonly Step[], value: unknown): object {
  const copy = structuredClone(base) as Json;
  let node = copy;
  for (const [index, step] of steps.entries()) {
    const key = keyOf(step, steps.slice(0, index));
    const next = steps[index + 1];
    const pattern = patternOf(steps.slice(0, index + 1));
    complete(node, besidesOf(pattern));
    for (const other of insteadOf(pattern, value)) delete node[other];
    if (next === undefined) {
      node[key] = value;
      break;
    }
    node[key] ??= next.is === 'item' ? [] : {};
    node = node[key] as Json;
    if (next.is === 'member') complete(node, companionsOf(pattern));
  }
  return copy;
}

/** Everything around it stays, so that only what is looked at makes a difference. */
function unset(base: object, steps: readonly Step[]): object {
  const copy = withValue(base, steps, undefined);
  const parents = steps.slice(0, -1);
  const parent = parents.reduce<Json>((node, step, index) => node[keyOf(step, steps.slice(0, index))] as Json, copy as Json);
  for (const step of steps.slice(-1)) delete parent[keyOf(step, parents)];
  return copy;
}

function complete(node: Json, needed: Readonly<Json>): void {
  for (const [key, value] of Object.entries(needed)) if (!Object.hasOwn(node, key)) node[key] = structuredClone(value);
}

function keyOf(step: Step, before: readonly Step[]): string {
  if (step.is === 'member') return step.name;
  return step.is === 'item' ? '0' : (lookUp(keys, patternOf(before)) ?? 'example');
}

function patternOf(steps: readonly Step[]): string {
  return steps.reduce(
    (so, step) => (step.is === 'member' ? (so === '' ? step.name : `${so}.${step.name}`) : `${so}${step.is === 'item' ? '[]' : '.*'}`),
    '',
  );
}

function pathOf(steps: readonly Step[]): string {
  return at('', ...steps.map((step, index): Segment => (step.is === 'item' ? 0 : keyOf(step, steps.slice(0, index)))));
}

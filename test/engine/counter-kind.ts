import * as z from 'zod';
import type {Doors} from '../../src/kinds/doors.ts';
import type {Kind, Plan, Step} from '../../src/kinds/kind.ts';
import {Interruption, type Outcome} from '../../src/kinds/outcome.ts';
import type {Definition} from '../../src/schema/definition.ts';
import {mapOf} from '../../src/schema/rules.ts';
import type {KubeObject, Resource} from '../../src/schema/object.ts';
import {fakeAws} from '../support/fake-aws.ts';

const CounterSpec = z.object({
  value: z.int32().describe('What the counter should show.'),
  deletionPolicy: z.enum(['Retain', 'Delete']).default('Delete').describe('What becomes of the counter with its object.'),
  labels: mapOf(z.string().max(63), {max: 8}).optional().describe('Labels of the counter.'),
});
type CounterSpec = z.infer<typeof CounterSpec>;

export const counterDefinition: Definition<CounterSpec> = {
  apiVersion: 'test.drayage.dev/v1alpha1',
  kind: 'Counter',
  plural: 'counters',
  singular: 'counter',
  namespaced: true,
  shortNames: [],
  description: 'A number in a map.',
  spec: CounterSpec,
  status: z.object({value: z.int32().optional().describe('What the counter shows.')}),
  columns: [],
  reasons: {},
};

export const finalizer = 'test.drayage.dev/finalizer';

/** The outside: numbers by name, and who made each how often. */
export class World {
  readonly counters = new Map<string, {value: number; limit: number}>();
  readonly creations = new Map<string, number>();
  readonly deletions = new Map<string, number>();
  readonly calls: string[] = [];
  /** Called before and after each call takes effect; may throw, or never return. */
  around: (call: string, when: 'before' | 'after', name: string) => Promise<void> = () => Promise.resolve();

  async call<T>(call: string, name: string, act: () => T): Promise<T> {
    await this.around(call, 'before', name);
    this.calls.push(`${call} ${name}`);
    const result = act();
    await this.around(call, 'after', name);
    return result;
  }
}

export interface CounterStep extends Step {
  readonly name: string;
  readonly value?: number;
}

type Observed = {readonly value: number; readonly limit: number} | undefined;

export const done: Outcome = {is: 'settled', reason: 'Counted', message: 'the counter is as declared'};

/** Keeps a counter and its limit (ten times the value), each with a call of its own. */
export function counterKind(world: World, parts: Partial<Kind<CounterSpec, Observed, CounterStep>> = {}): Kind {
  const kind: Kind<CounterSpec, Observed, CounterStep> = {
    definition: counterDefinition,
    watches: [],
    access: [],
    finalizer: true,
    parallel: 1,
    observe: (resource) =>
      world.call('Get', nameOf(resource), () => {
        const found = world.counters.get(nameOf(resource));
        return found && {...found};
      }),
    plan,
    apply: (step) => applyStep(step, world),
    status: (_resource, observed) => ({fields: observed === undefined ? {} : {value: observed.value}, conditions: []}),
    ...parts,
  };
  return kind;
}

function nameOf(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

function plan(resource: Resource<CounterSpec>, observed: Observed): Plan<CounterStep> {
  const name = nameOf(resource);
  const {value, deletionPolicy} = resource.spec;
  if (resource.metadata.deletionTimestamp !== undefined) {
    if (observed === undefined || deletionPolicy === 'Retain') return {steps: [], then: {...done, reason: 'Released'}};
    return {steps: [{call: 'Delete', why: 'the object is deleted', name}], then: {...done, reason: 'Deleted'}};
  }
  const steps: CounterStep[] = [];
  if (observed === undefined) steps.push({call: 'Create', why: 'it does not exist', name, value});
  else if (observed.value !== value) steps.push({call: 'Set', why: `it is ${observed.value}, spec.value is ${value}`, name, value});
  if (observed?.limit !== value * 10) steps.push({call: 'Limit', why: 'the limit follows the value', name, value});
  return {steps, then: done};
}

async function applyStep({call, name, value = 0}: CounterStep, world: World): ReturnType<Kind<CounterSpec, Observed>['apply']> {
  return world.call(call, name, () => {
    const requestId = `request-${world.calls.length}`;
    const found = world.counters.get(name);
    switch (call) {
      case 'Create':
        // Idempotent, as a kind's step must be: what is there already is taken as it is.
        if (found === undefined) {
          world.counters.set(name, {value, limit: 0});
          world.creations.set(name, (world.creations.get(name) ?? 0) + 1);
        }
        return {requestId, advance: () => ({value, limit: found?.limit ?? 0})};
      case 'Delete':
        if (world.counters.delete(name)) world.deletions.set(name, (world.deletions.get(name) ?? 0) + 1);
        return {requestId, advance: () => undefined};
      case 'Set':
        if (found !== undefined) found.value = value;
        return {requestId, advance: (observed: Observed) => observed && {...observed, value}};
      case 'Limit':
        if (found !== undefined) found.limit = value * 10;
        return {requestId, advance: (observed: Observed) => observed && {...observed, limit: value * 10}};
      default:
        throw new Error(`no such call: ${call}`);
    }
  });
}

export function counter(name: string, spec: Record<string, unknown> = {value: 1}): KubeObject {
  return {apiVersion: counterDefinition.apiVersion, kind: 'Counter', metadata: {name, namespace: 'team'}, spec};
}

export function interrupt(outcome: Outcome): never {
  throw new Interruption(outcome);
}

export function noAws(): Doors['aws'] {
  return fakeAws({});
}

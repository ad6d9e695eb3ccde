import type {Definition} from '../schema/definition.ts';
import type {Key, KubeObject, Resource} from '../schema/object.ts';
import type {ResourceType} from '../schema/resource-type.ts';
import type {Doors} from './doors.ts';
import type {Outcome} from './outcome.ts';

/** One call to make, as data. `call` names the API operation; `why` is for a person: Event, log and plan. */
export interface Step {
  readonly call: string;
  readonly why: string;
}

/** What is to be done, and what is true once it is done. */
export interface Plan<S extends Step = Step> {
  readonly steps: readonly S[];
  /** The outcome if every step succeeds (and, with no steps, now). */
  readonly then: Outcome;
  /**
   * More is to be done after these steps: the walk ends with `then` (a `waiting`), and the object is looked at again at once. For
   * a kind whose plans may have thousands of steps, so that what changes meanwhile need not wait for all of them.
   */
  readonly isPart?: true;
}

/** What a step's answer tells: the observation brought up to date without reading again. */
export interface Applied<Observed> {
  /** A method, so that a list of kinds may hold kinds of different observations. */
  advance(observed: Observed): Observed;
  /** The AWS request id, for the Event. */
  readonly requestId?: string;
}

/** The request id of an answer, for `Applied`. */
export function requestOf({requestId}: {readonly requestId?: string}): {readonly requestId?: string} {
  return requestId === undefined ? {} : {requestId};
}

/** A dependent condition, as the kind states it; times and generations are added by the engine. */
export interface ConditionClaim {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Shown beside `Ready`, and no part of it: a trouble that whoever uses the object does not feel (yet). */
  readonly aside?: true;
}

/** What a kind shows of itself. `Ready`, `Reconciling` and `Stalled` are computed from the outcome and never claimed. */
export interface Report {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly conditions: readonly ConditionClaim[];
}

/**
 * A set of objects that the operator keeps a synced copy of. Sources are compared by `name`, and shared:
 * two kinds that watch the same source read the same copy.
 */
export interface Source {
  readonly name: string;
  readonly type: ResourceType;
  readonly labelSelector?: string;
  /** What is kept of each object; what it leaves out never stays in memory. Must keep apiVersion, kind and metadata. */
  readonly project?: (object: KubeObject) => KubeObject;
}

/** «When one of these changes, look at those.» */
export interface Watch {
  readonly source: Source;
  /** The kind's own objects to look at again. `own` holds all of them, as last seen (specs unparsed). */
  readonly keys: (changed: KubeObject, own: readonly KubeObject[]) => readonly Key[];
}

/** An RBAC rule that the kind's doors need, beyond reading its own objects and writing their status and finalizer. */
export interface Access {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** One number of an object, by the gauge's own labels. */
export interface Sample<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/**
 * Numbers that a kind shows of each of its objects, for as long as they are there. Every series has the labels `kind`,
 * `namespace` (empty where the kind is cluster-scoped) and `name`, and then the gauge's own. Several kinds may show one gauge.
 */
export interface Gauge<Label extends string = string> {
  /** The whole name as Prometheus has it, with the unit at its end: `drayage_…_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** Pure, from the object with the status that its last walk came to. No two samples may have the same labels. */
  readonly samples: (object: KubeObject) => readonly Sample<Label>[];
}

/**
 * A kind of object and how it is kept. Methods are called in this order, for one key at a time:
 * observe → plan → (finalizer) → apply each step → plan again → status.
 */
export interface Kind<Spec = unknown, Observed = unknown, S extends Step = Step> {
  readonly definition: Definition<Spec>;
  readonly watches: readonly Watch[];
  readonly access: readonly Access[];
  /** Whether something outside the API server must be undone before an object of this kind may go. */
  readonly finalizer: boolean;
  /**
   * Whether that is so for this object, by its spec; left out, it always is. An object without the finalizer goes at once,
   * also where the operator does not run, and never holds up its namespace.
   */
  isHeld?(resource: Resource<Spec>): boolean;
  /** How many steps of one plan may be under way at once; 1 keeps their order. */
  readonly parallel: number;
  /** An object that is created at start where it is missing (as Kubernetes does with the `default` ServiceAccount). */
  readonly seed?: KubeObject;
  /** What /metrics shows of its objects, beside what it shows of every kind's. */
  readonly gauges?: readonly Gauge[];
  /**
   * Reads; changes nothing. Absent things are `undefined` in what it gives. Throws Interruption. After a plan that was only a
   * part, `before` is what that part saw and did: what it could not do must not be tried again, or the parts would never end.
   */
  observe(resource: Resource<Spec>, doors: Doors, before?: Observed): Promise<Observed>;
  /** Pure. With `metadata.deletionTimestamp`, the steps that undo; no steps and `settled` then let the object go. */
  plan(resource: Resource<Spec>, observed: Observed, now: Date): Plan<S>;
  /** One call, idempotent. Throws Interruption. */
  apply(step: S, doors: Doors): Promise<Applied<Observed>>;
  /** Pure. `observed` is undefined where reading failed or the spec is invalid: keep what the status said before. */
  status(resource: Resource<Spec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report;
}

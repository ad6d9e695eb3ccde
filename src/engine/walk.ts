import type {Doors} from '../kinds/doors.ts';
import type {Kind, Plan} from '../kinds/kind.ts';
import {Interruption, type Outcome} from '../kinds/outcome.ts';
import type {KubeObject, Resource} from '../schema/object.ts';
import {applySteps, type Done} from './apply-steps.ts';
import {addFinalizer, finalizerOf, hasFinalizer, removeFinalizer} from './finalizer.ts';
import {codeOf} from './kube-code.ts';
import {readSpec} from './read-spec.ts';

const mostRounds = 3;

/** How far a walk has come. Kept outside of it, so that a walk that fails or takes too long leaves what it knows. */
export interface Progress {
  /** As read, or as the API server gave it back after the walk's own write. */
  object: KubeObject;
  /** The object with its spec read; undefined while, or because, that could not be done. */
  resource?: Resource;
  observed?: unknown;
  readonly done: Done[];
  /** The steps of a plan that is only a part are done: more is to be done. */
  isPart: boolean;
  /** The finalizer is removed: the object is gone, or is not ours any more. */
  isReleased: boolean;
}

export interface WalkContext {
  readonly kind: Kind;
  readonly doors: Doors;
  /** Throws Halted where nothing may be written any more. */
  readonly mayWrite: () => void;
  /** Told of each object that the API server gave back for a write of ours. */
  readonly onWritten: (before: KubeObject, after: KubeObject) => void;
  /** What the part before this walk saw and did. */
  readonly before?: unknown;
}

/** The walk must stop where it is, without a verdict: the process stops, leads no longer, or the walk's time is over. */
export class Halted extends Error {
  override readonly name = 'Halted';
}

/** The object changed, or went, after it was read: look again, without a verdict. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/**
 * One walk of one object: spec → observe → plan → finalizer → apply → plan again, until a plan has no steps, or was only a part.
 * Throws what the doors threw; progress shows how far it came.
 *
 * What is read here may be older than our own last write. That is safe: steps are idempotent and `observe` reads anew; the
 * finalizer is written with the resourceVersion that was read; and the controller puts the answer to its own last write in
 * the place of a cached object that it knows to be older.
 *
 * **Finalizer.** It is added before the first step, and also without a step where deletion would have something to undo (a
 * repository that was adopted as it is, an object restored from a backup), or would have to wait. Where the kind says that an
 * object is not held any more, it is taken away again. So an object without our finalizer owes nothing to the outside, and its
 * deletion is none of our business.
 *
 * **Deletion with a spec that cannot be read** ends in `stalled`: what the object stands for is not known, so nothing is
 * deleted by a guess, and letting the object go would leave things behind in silence. The message says both ways out: mend
 * the spec (it can still be edited), or remove the finalizer and keep what is there.
 */
export async function walk(progress: Progress, context: WalkContext): Promise<Outcome> {
  const {kind, doors} = context;
  const isDeleting = progress.object.metadata.deletionTimestamp !== undefined;
  const resource = readSpecOf(kind, progress.object, isDeleting);
  progress.resource = resource;
  progress.observed = await kind.observe(resource, doors, context.before);
  let plan = planOf(kind, progress, doors);
  const isHeld = kind.isHeld?.(resource) ?? true;
  if (!isDeleting && kind.finalizer && isHeld) await holdOnTo(plan, progress, context);
  for (let round = 0; plan.steps.length > 0 && round < mostRounds; round += 1) {
    await applySteps({
      steps: plan.steps,
      parallel: kind.parallel,
      apply(step) {
        context.mayWrite();
        return kind.apply(step, doors);
      },
      onDone(done, applied) {
        progress.done.push(done);
        progress.observed = applied.advance(progress.observed);
      },
    });
    if (plan.isPart) {
      progress.isPart = true;
      return plan.then;
    }
    plan = planOf(kind, progress, doors);
  }
  if (plan.steps.length > 0) return notConverging(plan);
  if (isDeleting && plan.then.is === 'settled') await letGo(progress, context);
  if (!isDeleting && kind.finalizer && !isHeld && hasFinalizer(kind.definition, progress.object)) await unhold(progress, context);
  return plan.then;
}

function readSpecOf(kind: Kind, object: KubeObject, isDeleting: boolean): Resource {
  try {
    return readSpec(kind.definition, object);
  } catch (error) {
    if (!isDeleting || !(error instanceof Interruption)) throw error;
    const ways = `mend the spec, or remove the finalizer ${finalizerOf(kind.definition)} to keep what is outside of the cluster`;
    throw new Interruption({...error.outcome, message: `cannot be deleted: ${ways}; ${error.outcome.message}`}, {cause: error});
  }
}

function planOf(kind: Kind, {resource, observed}: Progress, doors: Doors): Plan {
  if (resource === undefined) throw new TypeError('planned before the spec was read');
  return kind.plan(resource, observed, doors.now());
}

async function holdOnTo(plan: Plan, progress: Progress, context: WalkContext): Promise<void> {
  const {kind, doors} = context;
  if (hasFinalizer(kind.definition, progress.object)) return;
  if (plan.steps.length === 0 && !owesOutside(progress, context)) return;
  context.mayWrite();
  const before = progress.object;
  progress.object = await unlessSuperseded(addFinalizer(doors.kube, kind.definition, before));
  context.onWritten(before, progress.object);
  // The resourceVersion was the one that was read, so the spec is the one that was planned with.
  if (progress.resource !== undefined) progress.resource = {...progress.resource, metadata: progress.object.metadata};
}

/** Whether the object, were it deleted now, would leave something to do or to wait for. */
function owesOutside({resource, observed}: Progress, {kind, doors}: WalkContext): boolean {
  if (resource === undefined) return false;
  const now = doors.now();
  const deleted = {...resource, metadata: {...resource.metadata, deletionTimestamp: now.toISOString()}};
  const plan = kind.plan(deleted, observed, now);
  return plan.steps.length > 0 || plan.then.is !== 'settled';
}

async function letGo(progress: Progress, context: WalkContext): Promise<void> {
  await unhold(progress, context);
  progress.isReleased = true;
}

/** Takes the finalizer away, also from an object that stays: what owes nothing any more is not held up when it is deleted. */
async function unhold(progress: Progress, context: WalkContext): Promise<void> {
  const {kind, doors} = context;
  context.mayWrite();
  const before = progress.object;
  progress.object = await unlessSuperseded(removeFinalizer(doors.kube, kind.definition, before));
  context.onWritten(before, progress.object);
}

async function unlessSuperseded<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const code = codeOf(error);
    if (code === 409 || code === 404) throw new Superseded('the object has changed since it was read', {cause: error});
    throw error;
  }
}

function notConverging(plan: Plan): Outcome {
  const steps = plan.steps.map(({call, why}) => `${call} (${why})`).join(', ');
  return {is: 'failed', reason: 'NotConverging', message: `still to be done after ${mostRounds} rounds: ${steps}`};
}

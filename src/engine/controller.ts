import {randomUUID} from 'node:crypto';
import type {Outcome} from '../kinds/outcome.ts';
import type {KubeObject} from '../schema/object.ts';
import type {ResourceType} from '../schema/resource-type.ts';
import {within} from './clock.ts';
import type {ControllerOptions} from './controller-options.ts';
import {hasFinalizer} from './finalizer.ts';
import {codeOf} from './kube-code.ts';
import {createLimiter} from './limiter.ts';
import type {Logger} from './log.ts';
import type {ControllerMetrics, WalkResult} from './metrics.ts';
import {Outcomes} from './outcomes.ts';
import {OwnWrites} from './own-writes.ts';
import {Parts} from './parts.ts';
import {Samples} from './samples.ts';
import {conditionsIn, statusOf, writeStatus} from './status.ts';
import {subscribe} from './subscribe.ts';
import {happeningsOf, transitionOf} from './transitions.ts';
import {type Verdict, verdictOn} from './verdict.ts';
import {Halted, type Progress, walk} from './walk.ts';
import {Workqueue} from './workqueue.ts';

/** An outcome that asks to be looked at again at once would be a hot loop. */
const soonestSeconds = 1;

/** Keeps all objects of one kind: takes keys from its queue, walks, writes the status, and says when to look again. */
export class Controller {
  readonly name: string;
  readonly #options: ControllerOptions;
  readonly #queue: Workqueue;
  readonly #metrics: ControllerMetrics;
  readonly #outcomes: Outcomes;
  readonly #samples: Samples;
  readonly #writes = new OwnWrites();
  readonly #parts = new Parts();
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;
  #workers: readonly Promise<void>[] = [];

  constructor(options: ControllerOptions) {
    const {kind, clock, random, metrics, log} = options;
    this.#options = options;
    this.name = kind.definition.kind.toLowerCase();
    this.#metrics = metrics.controller(this.name);
    this.#outcomes = new Outcomes(kind.definition.kind, this.#metrics);
    this.#log = log.child({controller: this.name});
    this.#samples = new Samples(kind, (error, key) => this.#log.error({err: error, key}, 'kind cannot tell its numbers'));
    const limiter = createLimiter({clock, random, ...options.backoff});
    this.#queue = new Workqueue({clock, limiter, observer: this.#metrics.queue});
  }

  /** Takes every object there is into the queue, then what changes. The cache must be synced. */
  start(): void {
    const {kind, cache, metrics, workers} = this.#options;
    const unwatch = this.#metrics.watchQueue(this.#queue);
    const unshow = metrics.objects(this.#samples);
    const unsubscribe = subscribe({kind, cache, log: this.#log, add: (key) => this.#queue.add(key)});
    this.#unsubscribe = () => {
      unsubscribe();
      unwatch();
      unshow();
    };
    this.#metrics.workers(workers);
    this.#workers = Array.from({length: workers}, () => this.#work());
  }

  /** Takes nothing more. Resolves when the walks under way have ended; never rejects. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#stopping.abort();
    await this.#queue.shutDown({drop: true});
    await Promise.all(this.#workers);
    this.#outcomes.clear();
  }

  /** How long the oldest walk has been under way, in seconds; 0 where there is none. */
  get longestSeconds(): number {
    return Math.max(0, ...this.#queue.ages());
  }

  async #work(): Promise<void> {
    for (;;) {
      const key = await this.#queue.get(this.#stopping.signal);
      if (key === undefined) return;
      try {
        await this.#handle(key);
      } catch (error) {
        // Nothing above throws; if it did, the key must not be lost nor the worker gone.
        this.#log.error({err: error, key}, 'walk broke');
        this.#queue.done(key);
        this.#queue.addRateLimited(key);
      }
    }
  }

  async #handle(key: string): Promise<void> {
    const object = this.#read(key);
    if (object === undefined || isNoConcern(this.#options.kind.definition, object)) {
      if (object === undefined) this.#writes.forget(key);
      this.#parts.forget(key);
      this.#drop(key);
      return this.#queue.done(key);
    }
    const {straggler} = await this.#walk(key, object);
    if (straggler === undefined) return this.#queue.done(key);
    // The worker goes on; the key stays in hand until the call that hangs has ended, so that no key is walked twice at a time.
    void straggler.finally(() => this.#queue.done(key));
  }

  #drop(key: string): void {
    this.#queue.forget(key);
    this.#outcomes.delete(key);
    this.#samples.delete(key);
  }

  #read(key: string): KubeObject | undefined {
    const {cache, kind, source} = this.#options;
    const slash = key.indexOf('/');
    const cached = kind.definition.namespaced
      ? cache.get(source, key.slice(slash + 1), key.slice(0, Math.max(0, slash)))
      : cache.get(source, key);
    return cached && this.#writes.newest(key, cached);
  }

  /** `straggler` is what is still under way where the walk took too long. Both never reject. */
  async #walk(key: string, object: KubeObject): Promise<{readonly straggler: Promise<void> | undefined}> {
    const {clock, doors, kind, mayWrite, walkSeconds} = this.#options;
    const {name, namespace} = object.metadata;
    const log = this.#log.child({namespace, name, reconcileID: randomUUID()});
    const progress: Progress = {object, done: [], isPart: false, isReleased: false};
    const before = this.#parts.take(key, object);
    const started = clock.seconds();
    let isOver = false;
    this.#metrics.walkStarted();
    const walking = walk(progress, {
      kind,
      doors,
      mayWrite() {
        if (isOver || !mayWrite()) throw new Halted('nothing may be written any more');
      },
      onWritten: (old, written) => this.#writes.add(key, old, written),
      before,
    }).then(
      (outcome) => ({outcome}),
      (error: unknown) => ({error}),
    );
    const ended = await within(clock, walkSeconds, walking);
    isOver = true;
    const told = progress.done.length;
    this.#recordSteps(progress, 0, told);
    const verdict = verdictOn(ended?.value, walkSeconds);
    const result = await this.#conclude(key, progress, verdict, log);
    const seconds = clock.seconds() - started;
    this.#metrics.walkEnded(result, seconds);
    if (verdict !== undefined) this.#logEnd(log, verdict, {steps: told, seconds});
    if (ended !== undefined) return {straggler: undefined};
    return {straggler: walking.then(() => this.#recordSteps(progress, told, progress.done.length))};
  }

  async #conclude(key: string, progress: Progress, verdict: Verdict | undefined, log: Logger): Promise<WalkResult> {
    const {mayWrite, recorder} = this.#options;
    if (verdict === undefined) {
      if (mayWrite()) this.#queue.addRateLimited(key);
      return 'requeue_after';
    }
    const {outcome, failure} = verdict;
    if (failure !== undefined) this.#metrics.walkFailed(failure);
    if (progress.isReleased) {
      recorder.record(progress.object, {type: 'Normal', reason: outcome.reason, action: 'Finalize', note: outcome.message});
      this.#drop(key);
      return 'success';
    }
    const isWritten = await this.#tell(key, progress, outcome, log);
    if (!progress.isPart || !isWritten) return this.#requeue(key, outcome, isWritten);
    return this.#goOn(key, progress, outcome);
  }

  /**
   * After a part, at once. Its back-off is not ended: where all parts together end in a failure, they are not repeated without a
   * pause.
   */
  #goOn(key: string, {object, observed}: Progress, outcome: Outcome): WalkResult {
    this.#outcomes.set(key, outcome.is);
    this.#parts.put(key, object, observed);
    this.#queue.add(key);
    return 'requeue';
  }

  #logEnd(log: Logger, {outcome, error, failure}: Verdict, facts: {readonly steps: number; readonly seconds: number}): void {
    const fields = {outcome: outcome.is, reason: outcome.reason, ...facts, ...(error !== undefined && {err: error})};
    if (failure === 'panic') log.error(fields, 'walk met an unexpected error');
    else if (outcome.is === 'failed') log.warn(fields, 'walk failed');
    else if (facts.steps > 0 || outcome.is === 'stalled') log.info(fields, 'walk ended');
    else log.debug(fields, 'walk ended');
  }

  #recordSteps({object, done}: Progress, from: number, to: number): void {
    for (const happening of happeningsOf(done.slice(from, to))) this.#options.recorder.record(object, happening);
  }

  /** Writes the status and says what changed. False where the status could not be written. */
  async #tell(key: string, progress: Progress, outcome: Outcome, log: Logger): Promise<boolean> {
    const {doors, kind, mayWrite, recorder} = this.#options;
    const {object} = progress;
    const status = statusOf(kind, progress, outcome, doors.now(), (error) => {
      log.error({err: error}, 'kind cannot tell its status');
    });
    this.#samples.set(key, {...object, status});
    let isWritten = true;
    try {
      if (!mayWrite()) return false;
      const after = await writeStatus(doors.kube, kind, object, status);
      this.#writes.add(key, object, after);
    } catch (error) {
      const code = codeOf(error);
      // 404: gone meanwhile. 409: another object took its name. The cache will tell.
      isWritten = code === 404;
      if (code !== 404 && code !== 409) log.warn({err: error}, 'cannot write the status');
    }
    const happening = transitionOf(conditionsIn(object), status.conditions, outcome);
    // What was done is an Event already; that it is now as it should be needs no second one.
    const isTold = outcome.is === 'settled' && progress.done.length > 0;
    if (happening !== undefined && !isTold) recorder.record(object, happening);
    return isWritten;
  }

  /** When to look again after a walk that did all: the only switch over outcomes. */
  #requeue(key: string, outcome: Outcome, isWritten: boolean): WalkResult {
    const queue = this.#queue;
    this.#outcomes.set(key, outcome.is);
    let result: WalkResult = 'error';
    switch (outcome.is) {
      case 'settled':
        result = outcome.seconds === undefined ? 'success' : 'requeue_after';
        break;
      case 'waiting':
        result = 'requeue_after';
        break;
      case 'stalled':
        break;
      case 'failed':
        queue.addRateLimited(key, outcome.seconds);
        return 'error';
    }
    if (!isWritten) {
      queue.addRateLimited(key);
      return 'error';
    }
    queue.forget(key);
    queue.addAfter(key, this.#later(outcome.seconds));
    return result;
  }

  /** The resync period is spread by a tenth each way, so that objects made together do not stay together. */
  #later(seconds: number | undefined): number {
    const {random, resyncSeconds} = this.#options;
    return seconds === undefined ? resyncSeconds * (0.9 + 0.2 * random()) : Math.max(soonestSeconds, seconds);
  }
}

/** An object that is being deleted and does not have our finalizer owes nothing to the outside. */
function isNoConcern(type: ResourceType, object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && !hasFinalizer(type, object);
}

/** Stops controllers, for at most `seconds`. False where walks are still under way. */
export async function stopAll(controllers: readonly Controller[], seconds: number, clock: ControllerOptions['clock']): Promise<boolean> {
  const stopped = Promise.all(controllers.map((controller) => controller.stop()));
  return (await within(clock, seconds, stopped)) !== undefined;
}

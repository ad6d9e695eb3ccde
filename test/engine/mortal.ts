import type {Clock} from '../../src/engine/clock.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {counterKind, World} from './counter-kind.ts';
import {type Bench, type Process, start} from './bench.ts';

/**
 * An engine in a process that is killed at a given call: before it takes effect, or after it did and before the answer. From
 * then on nothing of it runs: its calls never return, its timers never fire.
 */
export function startMortal(bench: Bench, killAt: number): Process & {readonly checkpoints: () => number; readonly isDead: () => boolean} {
  let passed = 0;
  let isDead = false;

  function checkpoint(): Promise<void> {
    if (!isDead && passed === killAt) isDead = true;
    if (isDead) return new Promise(() => undefined);
    passed += 1;
    return Promise.resolve();
  }

  async function guarded<T>(call: () => Promise<T>): Promise<T> {
    await checkpoint();
    const answer = await call().then(
      (value) => ({value}),
      (error: unknown) => ({error}),
    );
    await checkpoint();
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  const {kube, world, clock} = bench;
  const door: Kube = {
    get: (ref) => guarded(() => kube.get(ref)),
    page: (type) => guarded(() => kube.page(type)),
    list: (type) => guarded(() => kube.list(type)),
    create: (type, object) => guarded(() => kube.create(type, object)),
    apply: (type, object, options) => guarded(() => kube.apply(type, object, options)),
    merge: (ref, patch) => guarded(() => kube.merge(ref, patch)),
    delete: (ref) => guarded(() => kube.delete(ref)),
    serviceAccountToken: (account, audience) => guarded(() => kube.serviceAccountToken(account, audience)),
    watch: (type, options) => kube.watch(type, options),
  };
  const mortalClock: Clock = {
    now: clock.now,
    seconds: clock.seconds,
    after: (seconds, callback) =>
      clock.after(seconds, () => {
        if (!isDead) callback();
      }),
  };
  const ownWorld = Object.assign(new World(), {
    counters: world.counters,
    creations: world.creations,
    deletions: world.deletions,
    around: checkpoint,
  });
  const process = start(bench, {kinds: [counterKind(ownWorld)], door, clock: mortalClock});
  return {...process, checkpoints: () => passed, isDead: () => isDead};
}

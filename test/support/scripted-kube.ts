import {KubeError} from '../../src/kube/errors.ts';
import type {Kube, ListOptions, Page, WatchEvent} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {secrets} from '../../src/schema/types.ts';

type WatchOptions = Parameters<Kube['watch']>[1];
export type PageStep = (options: ListOptions) => Page;
export type WatchStep = (options: WatchOptions) => AsyncIterable<WatchEvent>;

/** The two reads of a reflector, step by step as a test writes them; after the last page the list stays as it is, after the last watch they hang. */
export function scriptedKube(pages: readonly PageStep[], watches: readonly WatchStep[]) {
  const listed: ListOptions[] = [];
  const watched: WatchOptions[] = [];
  const kube: Pick<Kube, 'page' | 'watch'> = {
    async page(_type, options = {}) {
      const step = pages[listed.length] ?? pages.at(-1);
      listed.push(options);
      if (step === undefined) throw new Error('no page in the script');
      return step(options);
    },
    watch(_type, options) {
      const step = watches[watched.length] ?? hang;
      watched.push(options);
      return step(options);
    },
  };
  return {kube, listed, watched};
}

export async function* hang({signal}: WatchOptions): AsyncGenerator<WatchEvent> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
  yield* [];
}

/** Events, then an end: quietly, with an error, or never. */
export function sending(events: readonly WatchEvent[], end: 'end' | 'hang' | Error = 'hang'): WatchStep {
  return async function* (options) {
    yield* events;
    if (end === 'hang') yield* hang(options);
    if (end instanceof Error) throw end;
  };
}

export function page(resourceVersion: string, ...items: readonly KubeObject[]): PageStep {
  return () => ({items, resourceVersion});
}

export function failing(
  status: number,
  more: {readonly retryAfter?: number; readonly reason?: string; readonly causes?: readonly {readonly reason?: string}[]} = {},
): KubeError {
  return new KubeError({verb: 'list', type: secrets}, {status, reason: 'Test', message: `fault ${status}`, ...more});
}

export function throwing(error: Error): PageStep {
  return () => {
    throw error;
  };
}

export function secret(name: string, resourceVersion: string, more: object = {}): KubeObject {
  return {apiVersion: 'v1', kind: 'Secret', metadata: {name, namespace: 'a', resourceVersion}, ...more};
}

/** Time that passes only where somebody sleeps, and then at once. Sleeps longer than `patience` never end by themselves. */
export function quickClock(patience = 200_000) {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    doors: {
      now: () => now,
      random: () => 0,
      sleep: async (milliseconds: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        if (milliseconds > patience) {
          await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), {once: true}));
        }
        slept.push(milliseconds);
        now += milliseconds;
        await new Promise(setImmediate);
      },
    },
  };
}

export const quietLog = {debug: () => {}, info: () => {}, warn: () => {}, error: () => {}};

import {pino} from 'pino';
import {type Clock, sleep} from '../../src/engine/clock.ts';
import {Lease, type LeaseOptions} from '../../src/engine/lease.ts';
import type {MemoryKube} from './memory-kube.ts';

export const log = pino({level: 'silent'});
export const where = {namespace: 'drayage', name: 'drayage'};

export interface Candidate {
  readonly lease: Lease;
  readonly stop: AbortController;
  readonly ended: Promise<'never' | 'released' | 'lost'>;
  leads: boolean;
}

/** A process that leads until it is told to stop, then works on for `restSeconds`. */
export function run(kube: LeaseOptions['kube'], clock: Clock, identity: string, restSeconds = 0, random = () => 0.5): Candidate {
  const stop = new AbortController();
  const lease = new Lease({...where, kube, identity, clock, random, log});
  const candidate: Candidate = {
    lease,
    stop,
    leads: false,
    ended: lease.run(async (lost) => {
      candidate.leads = true;
      const end = AbortSignal.any([lost, stop.signal]);
      await sleep(clock, Infinity, end);
      if (!lost.aborted) await sleep(clock, restSeconds, lost);
      candidate.leads = false;
    }, stop.signal),
  };
  return candidate;
}

/** The methods of a MemoryKube that a lease needs, as an object that can be spread. */
export function bound(kube: MemoryKube): LeaseOptions['kube'] {
  return {
    get: (ref) => kube.get(ref),
    create: (type, object) => kube.create(type, object),
    merge: (ref, patch) => kube.merge(ref, patch),
    watch: (type, options) => kube.watch(type, options),
  };
}

import {hash} from 'node:crypto';
import type {Logger} from 'pino';
import type {Kube} from '../kube/kube.ts';
import type {KubeObject} from '../schema/object.ts';
import {events} from '../schema/types.ts';
import {type Clock, microTime, sleep, within} from './clock.ts';
import {codeOf} from './kube-code.ts';
import {SpamFilter} from './spam-filter.ts';

/** Something that happened, for `kubectl describe` and `kubectl events`. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done, at most 128 characters. */
  readonly action: string;
  /** For a person. Repeated ones are counted; cut at 1024 bytes. */
  readonly note: string;
  /** Put after the note; not part of what makes two happenings the same. */
  readonly requestId?: string;
}

export interface Recorder {
  /** Never waits and never throws: an Event is a courtesy. */
  readonly record: (regarding: KubeObject, happening: Happening) => void;
  /** Writes what is still to be written, for at most `seconds`. */
  readonly flush: (seconds: number) => Promise<void>;
}

export interface RecorderOptions {
  readonly kube: Pick<Kube, 'create' | 'merge'>;
  readonly clock: Clock;
  /** Which process reports: the pod's name. */
  readonly instance: string;
  readonly log: Logger;
}

interface Series {
  readonly event: KubeObject;
  count: number;
  lastSeconds: number;
  last: Date;
  /** Whether the API server has the count, or was given up on. */
  isWritten: boolean;
  isBeingWritten: boolean;
}

const reportingController = 'drayage';
/** A series ends when nothing was added for so long: client-go's finishTime. */
const finishSeconds = 360;
const longestBacklog = 5000;
const mostWriters = 4;
const mostSeries = 4096;
const tries = 3;
const longestNote = 1024;

/**
 * Records Events (events.k8s.io/v1). As client-go does: what happens again within six minutes becomes a series, whose second
 * member is written at once and whose further ones are counted and written when the series ends; 25 Events about an object
 * may come at once, and one more every five minutes. Events about cluster-scoped objects are in the namespace `default`.
 */
export function createRecorder({kube, clock, instance, log}: RecorderOptions): Recorder {
  const spam = new SpamFilter(clock);
  const known = new Map<string, Series>();
  const backlog = new Set<Series>();
  let writers = 0;
  let idle = Promise.withResolvers<void>();
  let dropped = 0;
  let cancelSweep: (() => void) | undefined;
  let sequence = 0;

  return {
    record(regarding, happening) {
      try {
        add(regarding, happening);
      } catch (error) {
        log.warn({err: error, reason: happening.reason}, 'cannot record an event');
      }
    },
    async flush(seconds) {
      cancelSweep?.();
      cancelSweep = undefined;
      for (const series of known.values()) if (!series.isWritten) enqueue(series);
      if (writers > 0) await within(clock, seconds, idle.promise);
    },
  };

  function add(regarding: KubeObject, happening: Happening): void {
    const key = keyOf(regarding, happening);
    const before = known.get(key);
    if (before !== undefined && clock.seconds() - before.lastSeconds < finishSeconds) {
      before.count += 1;
      before.last = clock.now();
      before.lastSeconds = clock.seconds();
      before.isWritten = false;
      if (before.count === 2) enqueue(before);
      return armSweep();
    }
    const {apiVersion, kind, metadata} = regarding;
    if (!spam.allows(`${happening.type} ${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid ?? ''}`)) return;
    const series: Series = {
      event: eventOf(regarding, happening),
      count: 1,
      last: clock.now(),
      lastSeconds: clock.seconds(),
      isWritten: false,
      isBeingWritten: false,
    };
    known.set(key, series);
    const [oldest] = known.keys();
    if (known.size > mostSeries && oldest !== undefined) known.delete(oldest);
    enqueue(series);
    armSweep();
  }

  function eventOf(regarding: KubeObject, happening: Happening): KubeObject {
    const {apiVersion, kind, metadata} = regarding;
    const {name, namespace, uid, resourceVersion} = metadata;
    const now = clock.now();
    const suffix = (BigInt(now.getTime()) * 1_000_000n + BigInt(sequence++ % 1_000_000)).toString(16);
    return {
      apiVersion: events.apiVersion,
      kind: events.kind,
      metadata: {name: `${name.slice(0, 230).replace(/[.-]+$/, '')}.${suffix}`, namespace: namespace ?? 'default'},
      eventTime: microTime(now),
      reportingController,
      reportingInstance: instance.slice(0, 128),
      action: happening.action.slice(0, 128),
      reason: happening.reason.slice(0, 128),
      regarding: {apiVersion, kind, name, ...(namespace !== undefined && {namespace}), uid, resourceVersion},
      note: noteOf(happening),
      type: happening.type,
    };
  }

  function enqueue(series: Series): void {
    if (backlog.size >= longestBacklog && !backlog.has(series)) {
      dropped += 1;
      series.isWritten = true;
      return;
    }
    backlog.add(series);
    if (writers >= mostWriters) return;
    writers += 1;
    void writeAll();
  }

  async function writeAll(): Promise<void> {
    for (let series = take(); series !== undefined; series = take()) {
      series.isBeingWritten = true;
      await write(series);
      series.isBeingWritten = false;
    }
    writers -= 1;
    if (writers > 0) return;
    if (dropped > 0) log.warn({dropped}, 'dropped events because too many waited to be written');
    dropped = 0;
    idle.resolve();
    idle = Promise.withResolvers();
  }

  /** Of one series one write at a time: its count must not overtake its Event. Whoever writes it comes back for more. */
  function take(): Series | undefined {
    for (const series of backlog) {
      if (series.isBeingWritten) continue;
      backlog.delete(series);
      return series;
    }
    return undefined;
  }

  async function write(series: Series): Promise<void> {
    series.isWritten = true;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      try {
        return await send(series);
      } catch (error) {
        const code = codeOf(error);
        // Refused, or its namespace is gone or going: that will not change. 409 is our own event, written before.
        if (code === 409) return;
        const isFinal = code !== undefined && code < 500 && code !== 429;
        if (isFinal || attempt === tries) return log.warn({err: error, reason: series.event['reason']}, 'cannot write an event');
        await sleep(clock, attempt);
      }
    }
  }

  async function send(series: Series): Promise<void> {
    const {event, count, last} = series;
    const {name, namespace} = event.metadata;
    const counted = {series: {count, lastObservedTime: microTime(last)}};
    if (count > 1) {
      try {
        await kube.merge({type: events, name, ...(namespace !== undefined && {namespace})}, counted);
        return;
      } catch (error) {
        // It was never written, or has outlived its hour.
        if (codeOf(error) !== 404) throw error;
      }
    }
    await kube.create(events, count > 1 ? {...event, ...counted} : event);
  }

  function armSweep(): void {
    cancelSweep ??= clock.after(finishSeconds, () => {
      cancelSweep = undefined;
      const now = clock.seconds();
      for (const [key, series] of known) {
        if (now - series.lastSeconds < finishSeconds) continue;
        if (!series.isWritten) enqueue(series);
        known.delete(key);
      }
      if (known.size > 0) armSweep();
    });
  }
}

/** What makes two happenings the same. Hashed, because notes are long and there may be thousands. */
function keyOf({apiVersion, kind, metadata}: KubeObject, {type, reason, action, note}: Happening): string {
  const {namespace, name, uid} = metadata;
  const parts = [apiVersion, kind, namespace, name, uid, type, reason, action, note];
  return hash('sha256', JSON.stringify(parts), 'base64');
}

function noteOf({note, requestId}: Happening): string {
  const tail = requestId === undefined ? '' : ` (request ${requestId})`;
  const room = longestNote - Buffer.byteLength(tail);
  if (Buffer.byteLength(note) <= room) return note + tail;
  // Decoding a cut character gives U+FFFD, which has no place in a note.
  const cut = Buffer.from(note)
    .subarray(0, room - 3)
    .toString()
    .replace(/\uFFFD+$/, '');
  return `${cut}…${tail}`;
}

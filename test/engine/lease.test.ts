import test from 'ava';
import {type Clock, sleep} from '../../src/engine/clock.ts';
import {Lease, type LeaseOptions} from '../../src/engine/lease.ts';
import {leases} from '../../src/schema/types.ts';
import {bound, log, run, where} from './candidate.ts';
import {FakeClock} from './fake-clock.ts';
import {MemoryKube, Refused} from './memory-kube.ts';

function spec(kube: MemoryKube): Record<string, unknown> {
  return kube.objects('leases')[0]?.['spec'] as Record<string, unknown>;
}

test('the first takes the lease, renews it every two seconds, and writes what client-go writes', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a');
  await clock.advance(7);
  t.true(a.lease.leading);
  t.like(spec(kube), {
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:06.000000Z',
  });
  t.deepEqual(kube.calls, ['get leases', 'create leases', 'merge leases', 'merge leases', 'merge leases']);
});

test('a released lease is taken over in less than two seconds', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a');
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  await clock.advance(30.5);
  t.false(b.lease.leading);
  a.stop.abort();
  await clock.advance(0.1);
  t.is(await a.ended, 'released');
  t.true(b.lease.leading);
  t.like(spec(kube), {holderIdentity: 'b', leaseTransitions: 1});
});

test('the lease is kept while the leader finishes its work, and only then released', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a', 18);
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  a.stop.abort();
  await clock.advance(17);
  t.true(a.lease.leading);
  t.false(b.lease.leading);
  await clock.advance(1.5);
  t.is(await a.ended, 'released');
  t.true(b.lease.leading);
});

test('a leader that dies is followed after the lease time', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const dead = {...bound(kube), merge: () => new Promise<never>(() => undefined)};
  run(dead, clock, 'a');
  await clock.advance(0.5);
  const b = run(kube, clock, 'b');
  await clock.advance(14.4);
  t.false(b.lease.leading);
  await clock.advance(5);
  t.true(b.lease.leading);
});

test('a leader that cannot renew stops before anyone may follow it', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  let isDown = false;
  const shaky = {
    ...bound(kube),
    merge: (...args: Parameters<MemoryKube['merge']>) => (isDown ? Promise.reject(new Refused(503)) : kube.merge(...args)),
    get: (...args: Parameters<MemoryKube['get']>) => (isDown ? Promise.reject(new Refused(503)) : kube.get(...args)),
  };
  const a = run(shaky, clock, 'a');
  await clock.advance(2);
  isDown = true;
  await clock.advance(9.9);
  t.true(a.leads);
  await clock.advance(0.2);
  t.false(a.leads);
  t.is(await a.ended, 'lost');
  t.false(a.lease.leading);
});

/** Renewals take effect at once; their answers come after the seconds given for each, and where none is given, never. */
function slowToAnswer(kube: MemoryKube, clock: Clock, answers: number[]): LeaseOptions['kube'] {
  return {
    ...bound(kube),
    get: () => Promise.reject(new Refused(503)),
    async merge(ref, patch) {
      const answer = await kube.merge(ref, patch);
      await sleep(clock, answers.shift() ?? Infinity);
      return answer;
    },
  };
}

test('an answer that took long does not stretch the term past what the others saw', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  await kube.create(leases, {apiVersion: leases.apiVersion, kind: leases.kind, metadata: where, spec: {}});
  const lease = slowToAnswer(kube, clock, [0, 4]);
  const a = run({...lease, get: (ref) => (clock.seconds() < 1 ? kube.get(ref) : lease.get(ref))}, clock, 'a');
  await clock.advance(11.9);
  t.true(a.lease.leading);
  await clock.advance(0.2);
  t.false(a.lease.leading);
  t.is(await a.ended, 'lost');
});

test('an answer that comes after the term does not bring it back', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  await kube.create(leases, {apiVersion: leases.apiVersion, kind: leases.kind, metadata: where, spec: {}});
  const lease = slowToAnswer(kube, clock, [0, 9.5]);
  const a = run({...lease, get: (ref) => (clock.seconds() < 1 ? kube.get(ref) : lease.get(ref))}, clock, 'a');
  await clock.advance(10.1);
  t.is(await a.ended, 'lost');
  await clock.advance(1.5);
  t.false(a.lease.leading);
});

test('who waits and is told to stop never leads', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  run(kube, clock, 'a');
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  await clock.advance(1);
  b.stop.abort();
  await clock.advance(0);
  t.is(await b.ended, 'never');
});

test('of two that take a free lease at the same moment one leads', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const both = [run(kube, clock, 'a'), run(kube, clock, 'b')];
  await clock.advance(10);
  t.is(both.filter(({leads}) => leads).length, 1);
});

test('timings that would let two lead are refused', (t) => {
  const clock = new FakeClock();
  const options = {...where, kube: new MemoryKube(clock.now), identity: 'a', clock, random: () => 0, log};
  t.throws(() => new Lease({...options, leaseSeconds: 10, renewSeconds: 10}), {message: /leaseSeconds/});
  t.throws(() => new Lease({...options, renewSeconds: 2}), {message: /renewSeconds/});
});

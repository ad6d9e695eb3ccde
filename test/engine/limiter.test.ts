import test from 'ava';
import * as fc from 'fast-check';
import {createLimiter} from '../../src/engine/limiter.ts';
import {FakeClock} from './fake-clock.ts';

test('waits twice as long after each failure, from 0.2 to 300 seconds, and anew after a success', (t) => {
  const limiter = createLimiter({clock: new FakeClock(), random: () => 0});
  const delays = Array.from({length: 14}, () => limiter.when('a'));
  t.deepEqual(delays.slice(0, 4), [0.2, 0.4, 0.8, 1.6]);
  t.is(delays.at(-1), 300);
  t.is(limiter.retries('a'), 14);
  limiter.forget('a');
  t.is(limiter.when('a'), 0.2);
});

test('chance takes away at most the share it may, and never adds', (t) => {
  fc.assert(
    fc.property(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}), fc.nat(30), (chance, failures) => {
      const limiter = createLimiter({clock: new FakeClock(), random: () => chance, jitter: 0.2, burst: 1000});
      for (let count = 0; count < failures; count += 1) limiter.when('a');
      const full = Math.min(300, 0.2 * 2 ** failures);
      const delay = limiter.when('a');
      return delay <= full && delay >= full * 0.8;
    }),
  );
  t.pass();
});

test('many keys that fail together are let through at the rate of the shared bucket', (t) => {
  const clock = new FakeClock();
  const limiter = createLimiter({clock, random: () => 0, perSecond: 10, burst: 5});
  const delays = Array.from({length: 25}, (_, index) => limiter.when(`${index}`));
  t.deepEqual(delays.slice(0, 5), [0.2, 0.2, 0.2, 0.2, 0.2]);
  t.is(delays.at(-1), 2);
  clock.advanceAtOnce(60);
  t.is(limiter.when('later'), 0.2);
});

test('no key retries forever without a pause: even the 2000th delay is a number', (t) => {
  const limiter = createLimiter({clock: new FakeClock(), random: () => 0, burst: 1e6});
  let last = 0;
  for (let count = 0; count < 2000; count += 1) last = limiter.when('a');
  t.is(last, 300);
});

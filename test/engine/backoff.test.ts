import test from 'ava';
import * as fc from 'fast-check';
import {createBackoff, reflectorBackoff} from '../../src/engine/backoff.ts';

function backoffAt(clock: {now: number}, random: () => number) {
  return createBackoff({...reflectorBackoff, now: () => clock.now, random});
}

test('delays double from 0.8 s and stop at 30 s', (t) => {
  const backoff = backoffAt({now: 0}, () => 0);
  const delays = Array.from({length: 8}, () => backoff.next());
  t.deepEqual(delays, [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('jitter stretches a delay by up to itself, and never beyond 30 s', (t) => {
  const backoff = backoffAt({now: 0}, () => 1);
  t.deepEqual([backoff.next(), backoff.next()], [1600, 3200]);
  for (let i = 0; i < 10; i++) t.true(backoff.next() <= 30_000);
});

test('two minutes without an error begin anew, less do not', (t) => {
  const clock = {now: 0};
  const backoff = backoffAt(clock, () => 0);
  backoff.next();
  backoff.next();
  clock.now += 120_000;
  t.is(backoff.next(), 3200);
  clock.now += 120_001;
  t.is(backoff.next(), 800);
});

test('a reset begins anew', (t) => {
  const backoff = backoffAt({now: 0}, () => 0);
  backoff.next();
  backoff.reset();
  t.is(backoff.next(), 800);
});

test('errors in a row without pause never get a delay below 0.8 s, whatever chance says', (t) => {
  fc.assert(
    fc.property(fc.array(fc.double({min: 0, max: 1, noNaN: true}), {minLength: 1, maxLength: 30}), (chances) => {
      let i = 0;
      const backoff = backoffAt({now: 0}, () => chances[i++ % chances.length] ?? 0);
      return chances.every(() => {
        const delay = backoff.next();
        return delay >= 800 && delay <= 30_000;
      });
    }),
  );
  t.pass();
});

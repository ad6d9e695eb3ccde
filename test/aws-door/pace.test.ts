import test from 'ava';
import {Pace} from '../../src/aws/pace.ts';

/** Time that passes only when someone waits. */
function time() {
  let at = 0;
  return {
    now: () => at,
    async wait(milliseconds: number) {
      at += milliseconds;
      await Promise.resolve();
    },
    forward(milliseconds: number) {
      at += milliseconds;
    },
  };
}

test('the way is open until AWS throttles', async (t) => {
  const clock = time();
  const pace = new Pace(clock);
  for (let sent = 0; sent < 500; sent += 1) await pace.take();
  t.is(clock.now(), 0);
  t.is(pace.perSecond, Number.POSITIVE_INFINITY);
});

test('after throttling, calls go at 70 % of what was too much', async (t) => {
  const clock = time();
  const pace = new Pace(clock);
  for (let sent = 0; sent < 100; sent += 1) await pace.take();
  pace.throttled();
  t.is(Math.round(pace.perSecond), 70);
  const from = clock.now();
  await Promise.all(Array.from({length: 70}, () => pace.take()));
  const seconds = (clock.now() - from) / 1000;
  t.true(seconds > 0.9 && seconds < 1.1, `${seconds} s`);
});

test('many calls thrown back at the same time count once, later ones again', async (t) => {
  const clock = time();
  const pace = new Pace(clock);
  for (let sent = 0; sent < 100; sent += 1) await pace.take();
  for (let thrown = 0; thrown < 50; thrown += 1) pace.throttled();
  t.is(Math.round(pace.perSecond), 70);
  clock.forward(600);
  pace.throttled();
  t.true(pace.perSecond < 70);
});

test('under steady throttling the pace keeps falling, and never to nothing', (t) => {
  const clock = time();
  const pace = new Pace(clock);
  for (let second = 0; second < 300; second += 1) {
    pace.throttled();
    clock.forward(100);
  }
  t.is(pace.perSecond, 0.5);
});

test('the pace grows again, and a minute later the way is open', async (t) => {
  const clock = time();
  const pace = new Pace(clock);
  for (let sent = 0; sent < 100; sent += 1) await pace.take();
  pace.throttled();
  clock.forward(5000);
  await pace.take();
  t.true(pace.perSecond > 90, `${pace.perSecond} a second`);
  clock.forward(61_000);
  await pace.take();
  t.is(pace.perSecond, Number.POSITIVE_INFINITY);
});

test('calls are let through first come, first served, and none is lost', async (t) => {
  const pace = new Pace(time());
  await pace.take();
  pace.throttled();
  const order: number[] = [];
  await Promise.all(
    Array.from({length: 50}, async (_, index) => {
      await pace.take();
      order.push(index);
    }),
  );
  t.deepEqual(
    order,
    Array.from({length: 50}, (_, index) => index),
  );
});

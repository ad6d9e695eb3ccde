import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {lanes} from './lanes.ts';

test('no more goes on at one time than there is room for, and all of it is done, also after an error', async (t) => {
  const inLane = lanes(3);
  let now = 0;
  let most = 0;
  const done: number[] = [];
  const work = (weight: number, index: number) =>
    inLane(weight, async () => {
      now += weight;
      most = Math.max(most, now);
      await sleep(5);
      now -= weight;
      if (index === 2) throw new Error('two');
      done.push(index);
    });
  const ended = await Promise.allSettled([1, 2, 3, 1, 1, 2].map(work));
  t.is(most, 3);
  t.deepEqual(
    done.toSorted((a, b) => a - b),
    [0, 1, 3, 4, 5],
  );
  t.deepEqual(
    ended.filter(({status}) => status === 'rejected').map((one) => String((one as PromiseRejectedResult).reason)),
    ['Error: two'],
  );
});

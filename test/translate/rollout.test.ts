import test from 'ava';
import {surgeOf} from '../../src/translate/rollout.ts';

// desiredCount, minimumHealthyPercent, maximumPercent → how many pods more and fewer, as ECS counts them.
const table: readonly (readonly [number, number, number, number | undefined, number | undefined])[] = [
  [1, 100, 200, 1, 0],
  [4, 50, 100, 0, 2],
  [3, 50, 150, 1, 1],
  [3, 100, 133, undefined, undefined],
  [1, 100, 150, undefined, undefined],
  [1, 0, 100, 0, 1],
  [10, 75, 125, 2, 2],
  [0, 100, 100, 1, 0],
  [2, 200, 200, 2, 0],
];
for (const [desired, minimum, maximum, more, fewer] of table) {
  test(`${desired} tasks between ${minimum} and ${maximum} percent: ${more ?? 'none'} more, ${fewer ?? 'none'} fewer`, (t) => {
    t.deepEqual(
      surgeOf(desired, minimum, maximum),
      more === undefined || fewer === undefined ? undefined : {maxSurge: more, maxUnavailable: fewer},
    );
  });
}

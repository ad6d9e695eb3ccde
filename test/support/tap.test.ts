import test from 'ava';
import {readTapLine, total, type Tally} from './tap.ts';

const nothing: Tally = {passed: 0, failed: 0, skipped: 0};

test('test points are counted by how they ended', (t) => {
  const lines = [
    'TAP version 13',
    'ok 1 - a',
    'not ok 2 - b',
    '  ---',
    '  ok 9: no',
    '  ...',
    'ok 3 - c # SKIP no root',
    'not ok 4 - d # TODO',
    '1..4',
  ];
  t.deepEqual(lines.reduce(readTapLine, nothing), {passed: 1, failed: 1, skipped: 2});
});

test('tallies add up', (t) => {
  t.deepEqual(
    total([
      {passed: 1, failed: 2, skipped: 3},
      {passed: 10, failed: 20, skipped: 30},
    ]),
    {passed: 11, failed: 22, skipped: 33},
  );
});

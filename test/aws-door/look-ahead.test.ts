import test from 'ava';
import {LookAhead} from '../../src/aws/look-ahead.ts';

const minute = 60_000;

function newBench() {
  const time = {now: 0};
  return {time, ahead: new LookAhead<string>({hold: 2 * minute, due: 6 * minute}, () => time.now)};
}

const nothing: ReadonlySet<string> = new Set();

test('what was answered longest ago is asked for next, and serves one caller once', (t) => {
  const {time, ahead} = newBench();
  for (const name of ['a', 'b', 'c', 'd']) {
    ahead.answered(name);
    time.now += minute;
  }
  time.now = 7 * minute;
  t.deepEqual(ahead.next(10, new Set(['a'])), ['b']);
  ahead.hold('b', 'B', time.now);
  t.is(ahead.take('b'), 'B');
  t.is(ahead.take('b'), undefined);
});

test('no more than there is room for', (t) => {
  const {time, ahead} = newBench();
  for (const name of ['a', 'b', 'c']) ahead.answered(name);
  time.now = 6 * minute;
  t.deepEqual(ahead.next(2, nothing), ['a', 'b']);
  t.deepEqual(ahead.next(0, nothing), []);
});

test('what is held is not asked for again, and what nobody wanted in time is let go', (t) => {
  const {time, ahead} = newBench();
  ahead.answered('a');
  time.now = 6 * minute;
  ahead.hold('a', 'A', time.now);
  t.deepEqual(ahead.next(10, nothing), []);
  time.now += 3 * minute;
  t.deepEqual(ahead.next(10, nothing), []);
  t.is(ahead.take('a'), undefined);
  time.now += 10 * minute;
  t.deepEqual(ahead.next(10, nothing), []);
});

test('an answer from before a write is not the present, also where it comes after', (t) => {
  const {time, ahead} = newBench();
  ahead.answered('a');
  ahead.answered('b');
  time.now = 6 * minute;
  const sent = time.now;
  ahead.hold('a', 'old', sent);
  time.now += 10;
  ahead.drop('a');
  ahead.drop('b');
  time.now += 10;
  ahead.hold('b', 'old', sent);
  t.is(ahead.take('a'), undefined);
  t.is(ahead.take('b'), undefined);
  ahead.hold('b', 'new', time.now);
  t.is(ahead.take('b'), 'new');
});

test('without a hold nothing is looked ahead', (t) => {
  const ahead = new LookAhead<string>({hold: 0, due: 0}, () => 0);
  ahead.answered('a');
  t.deepEqual(ahead.next(10, nothing), []);
});

/** A year of ten thousand names would be the same: each asked for once in ten minutes, give or take a tenth. */
test('a thousand names that are looked at in turn cost one call for dozens', (t) => {
  const time = {now: 0};
  const resync = 10 * minute;
  const ahead = new LookAhead<string>({hold: resync / 4, due: resync * 0.85}, () => time.now);
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const due = Array.from({length: 1000}, (_, index) => ({name: `r${index}`, at: random() * resync}));
  let calls = 0;
  const walks = 10_000;
  for (let walk = 0; walk < walks; walk += 1) {
    due.sort((a, b) => a.at - b.at);
    const [next] = due;
    if (next === undefined) break;
    time.now = next.at;
    next.at += resync * (0.9 + 0.2 * random());
    if (ahead.take(next.name) !== undefined) continue;
    calls += 1;
    const taken = ahead.next(99, new Set([next.name]));
    ahead.answered(next.name);
    for (const name of taken) ahead.hold(name, name, time.now);
  }
  const each = (calls - 1000) / (walks - 1000);
  t.log(`${each.toFixed(4)} calls a check after the first round`);
  t.true(each < 0.03, `${each}`);
});

import test from 'ava';
import * as fc from 'fast-check';
import {ScheduleFault} from '../../src/translate/cron-fields.ts';
import {newestDue, nextTime, parseSchedule} from '../../src/translate/schedule.ts';
import {momentAt, wallTimeIn} from '../../src/translate/time-zone.ts';

const start = new Date('2000-01-01T00:00:00Z');

function times(expression: string, after: string, zone = 'UTC', count = 3): readonly string[] {
  const schedule = parseSchedule(expression, zone);
  const found: string[] = [];
  let time: Date | undefined = new Date(after);
  while (found.length < count) {
    time = nextTime(schedule, time, start);
    if (time === undefined) break;
    found.push(time.toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

// The first of each are the examples of the EventBridge Scheduler User Guide.
const known: readonly [expression: string, after: string, expected: readonly string[]][] = [
  ['cron(0 10 * * ? *)', '2026-11-24T10:00:00Z', ['2026-11-25T10:00Z', '2026-11-26T10:00Z', '2026-11-27T10:00Z']],
  ['cron(15 12 * * ? *)', '2026-11-24T12:14:59Z', ['2026-11-24T12:15Z', '2026-11-25T12:15Z', '2026-11-26T12:15Z']],
  ['cron(0 18 ? * MON-FRI *)', '2026-11-26T18:00:00Z', ['2026-11-27T18:00Z', '2026-11-30T18:00Z', '2026-12-01T18:00Z']],
  ['cron(0 8 1 * ? *)', '2026-11-24T00:00:00Z', ['2026-12-01T08:00Z', '2027-01-01T08:00Z', '2027-02-01T08:00Z']],
  ['cron(0/15 * * * ? *)', '2026-11-24T23:40:00Z', ['2026-11-24T23:45Z', '2026-11-25T00:00Z', '2026-11-25T00:15Z']],
  ['cron(0/10 * ? * MON-FRI *)', '2026-11-27T23:45:00Z', ['2026-11-27T23:50Z', '2026-11-30T00:00Z', '2026-11-30T00:10Z']],
  ['cron(0/5 8-17 ? * MON-FRI *)', '2026-11-27T17:50:00Z', ['2026-11-27T17:55Z', '2026-11-30T08:00Z', '2026-11-30T08:05Z']],
  ['cron(15 10 ? * 6L 2022-2023)', '2023-10-01T00:00:00Z', ['2023-10-27T10:15Z', '2023-11-24T10:15Z', '2023-12-29T10:15Z']],
  ['cron(15 10 ? * 6L 2022-2023)', '2023-12-29T10:15:00Z', []],
  ['cron(0 9 ? * 3#2 *)', '2026-11-24T00:00:00Z', ['2026-12-08T09:00Z', '2027-01-12T09:00Z', '2027-02-09T09:00Z']],
  ['cron(0 9 ? * mon#5 *)', '2026-11-24T00:00:00Z', ['2026-11-30T09:00Z', '2027-03-29T09:00Z', '2027-05-31T09:00Z']],
  ['cron(0 0 L * ? *)', '2028-01-31T00:00:00Z', ['2028-02-29T00:00Z', '2028-03-31T00:00Z', '2028-04-30T00:00Z']],
  ['cron(0 0 L-3 * ? *)', '2027-01-31T00:00:00Z', ['2027-02-25T00:00Z', '2027-03-28T00:00Z', '2027-04-27T00:00Z']],
  // 15 August 2026 is a Saturday, 15 November a Sunday; 1 August is a Saturday, so the nearest in its month is the 3rd.
  ['cron(0 6 15W 8,11,12 ? 2026)', '2026-01-01T00:00:00Z', ['2026-08-14T06:00Z', '2026-11-16T06:00Z', '2026-12-15T06:00Z']],
  ['cron(0 6 1W 8,11 ? 2026)', '2026-01-01T00:00:00Z', ['2026-08-03T06:00Z', '2026-11-02T06:00Z']],
  ['cron(0 6 31W 5,6,10 ? 2026)', '2026-01-01T00:00:00Z', ['2026-05-29T06:00Z', '2026-10-30T06:00Z']],
  ['cron(0 6 LW 1,5,10 ? 2026)', '2026-01-01T00:00:00Z', ['2026-01-30T06:00Z', '2026-05-29T06:00Z', '2026-10-30T06:00Z']],
  ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
  ['cron(0 0 31 2 ? *)', '2026-01-01T00:00:00Z', []],
  ['cron(0 0 ? * FRI-MON *)', '2026-11-24T00:00:00Z', ['2026-11-27T00:00Z', '2026-11-28T00:00Z', '2026-11-29T00:00Z']],
  ['cron(0 0 ? JAN-MAR L 2027/2)', '2026-01-01T00:00:00Z', ['2027-01-02T00:00Z', '2027-01-09T00:00Z', '2027-01-16T00:00Z']],
  ['at(2026-12-24T18:00:00)', '2026-11-24T00:00:00Z', ['2026-12-24T18:00Z']],
  ['rate(5 minutes)', '2026-11-24T00:00:00Z', ['2026-11-24T00:05Z', '2026-11-24T00:10Z', '2026-11-24T00:15Z']],
  ['rate(1 day)', '2026-11-24T00:00:01Z', ['2026-11-25T00:00Z', '2026-11-26T00:00Z', '2026-11-27T00:00Z']],
];

for (const [expression, after, expected] of known) {
  test(`${expression} after ${after}`, (t) => t.deepEqual(times(expression, after), expected));
}

test('where clocks are put forward, what would be due then is skipped', (t) => {
  t.deepEqual(times('cron(30 2 * * ? *)', '2026-03-07T12:00:00Z', 'America/New_York'), [
    '2026-03-09T06:30Z',
    '2026-03-10T06:30Z',
    '2026-03-11T06:30Z',
  ]);
  t.deepEqual(times('cron(0/30 1-3 29 3 ? 2026)', '2026-03-01T12:00:00Z', 'Europe/Berlin', 9), [
    '2026-03-29T00:00Z',
    '2026-03-29T00:30Z',
    '2026-03-29T01:00Z',
    '2026-03-29T01:30Z',
  ]);
});

test('where clocks are put back, what is due is due once', (t) => {
  t.deepEqual(times('cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', 'America/New_York'), [
    '2026-11-01T05:30Z',
    '2026-11-02T06:30Z',
    '2026-11-03T06:30Z',
  ]);
  const schedule = parseSchedule('cron(45 1 * * ? *)', 'America/New_York');
  const secondTime = new Date('2026-11-01T06:30:00Z');
  t.is(nextTime(schedule, secondTime, start)?.toISOString(), '2026-11-02T06:45:00.000Z');
});

test('zones with odd offsets, and a day that a zone left out', (t) => {
  t.deepEqual(times('cron(0 9 * * ? *)', '2026-11-24T00:00:00Z', 'Asia/Kathmandu', 1), ['2026-11-24T03:15Z']);
  t.deepEqual(times('cron(0 12 30 12 ? *)', '2011-01-01T00:00:00Z', 'Pacific/Apia', 1), ['2012-12-29T22:00Z']);
  t.is(times('at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', 'America/New_York')[0], '2026-07-01T13:00Z');
});

test('a rate begins at its start, also after it was missed for long', (t) => {
  const schedule = parseSchedule('rate(2 hours)');
  const from = new Date('2026-11-24T00:30:00Z');
  t.is(nextTime(schedule, new Date('2026-11-20T00:00:00Z'), from)?.toISOString(), from.toISOString());
  t.is(nextTime(schedule, from, from)?.toISOString(), '2026-11-24T02:30:00.000Z');
  t.is(newestDue(schedule, from, new Date('2026-11-29T01:00:00Z'), from)?.toISOString(), '2026-11-29T00:30:00.000Z');
});

const wrong: readonly [string, RegExp][] = [
  ['cron(0 10 * * * *)', /must be "\?"/],
  ['cron(0 10 ? * ? *)', /must be "\?"/],
  ['cron(0 10 * * ?)', /six fields/],
  ['cron(60 10 * * ? *)', /minutes: "60".*0 to 59/],
  ['cron(0 24 * * ? *)', /hours: "24"/],
  ['cron(0 0 0 * ? *)', /day-of-month: "0"/],
  ['cron(0 0 ? * 0 *)', /day-of-week: "0".*1 to 7 or SUN to SAT/],
  ['cron(0 0 ? * 6#6 *)', /day-of-week/],
  ['cron(0 0 ? * 2#1,3#2 *)', /day-of-week/],
  ['cron(5-1 0 * * ? *)', /ends before it begins/],
  ['cron(0/0 0 * * ? *)', /minutes: "0\/0"/],
  ['cron(0 0 1 * ? 1969)', /year/],
  ['rate(0 minutes)', /rate\(\) takes/],
  ['rate(5 seconds)', /rate\(\) takes/],
  ['at(2026-02-30T00:00:00)', /at\(\) takes/],
  ['* * * * *', /must be cron/],
];
for (const [expression, message] of wrong) {
  test(`${expression} is no schedule`, (t) => {
    t.throws(() => parseSchedule(expression), {instanceOf: ScheduleFault, message});
  });
}

test('a zone that does not exist, or a time that its clocks never show, is refused', (t) => {
  t.throws(() => parseSchedule('rate(1 day)', 'Europe/Atlantis'), {instanceOf: ScheduleFault, message: /no time zone Europe\/Atlantis/});
  t.throws(() => parseSchedule('at(2026-03-29T02:30:00)', 'Europe/Berlin'), {instanceOf: ScheduleFault, message: /never show/});
});

const zones = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns');
const moments = fc.date({min: new Date('2024-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true});

test('the time on the wall leads back to its moment, or to the first of two', (t) => {
  fc.assert(
    fc.property(zones, moments, (zone, given) => {
      const moment = new Date(Math.floor(given.getTime() / 1000) * 1000);
      const back = momentAt(zone, wallTimeIn(zone, moment));
      t.truthy(back);
      t.true(moment.getTime() - (back?.getTime() ?? 0) <= 3_600_000 && moment.getTime() >= (back?.getTime() ?? 0));
      t.deepEqual(wallTimeIn(zone, back ?? moment), wallTimeIn(zone, moment));
    }),
  );
});

test('nothing that is due lies between a moment and the next time', (t) => {
  const expressions = fc.tuple(
    fc.integer({min: 0, max: 59}),
    fc.constantFrom('*', '1-3', '0/6'),
    fc.constantFrom('* * ?', '? * SAT-SUN', 'L * ?'),
  );
  fc.assert(
    fc.property(zones, moments, expressions, (zone, after, [minute, hour, days]) => {
      const schedule = parseSchedule(`cron(${minute} ${hour} ${days} *)`, zone);
      const next = nextTime(schedule, after, start);
      t.truthy(next);
      // From any moment in between, the next time is the same.
      const between = new Date((after.getTime() + (next?.getTime() ?? 0) - 1) / 2);
      t.deepEqual(nextTime(schedule, between, start), next);
      t.is(wallTimeIn(zone, next ?? after).minute, minute);
    }),
    {numRuns: 60},
  );
});

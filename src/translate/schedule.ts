import {parseCron, ScheduleFault, type Cron} from './cron-fields.ts';
import {nextCronTime} from './cron-times.ts';
import {isTimeZone, momentAt} from './time-zone.ts';

export type Schedule =
  | {readonly is: 'cron'; readonly cron: Cron; readonly zone: string}
  /** Every `seconds` from where it begins. */
  | {readonly is: 'rate'; readonly seconds: number}
  /** Once. */
  | {readonly is: 'at'; readonly time: Date};

const unitSeconds: Readonly<Record<string, number>> = {minute: 60, hour: 3600, day: 86_400};

/**
 * `cron(…)`, `rate(…)` or `at(…)`, as EventBridge Scheduler takes them; a day of rate() is 24 hours long. Throws ScheduleFault.
 * Source: EventBridge Scheduler User Guide, «Schedule types».
 */
export function parseSchedule(expression: string, zone = 'UTC'): Schedule {
  if (!isTimeZone(zone)) throw new ScheduleFault(`There is no time zone ${zone.slice(0, 60)}; write one as in Europe/Berlin.`);
  const [, form, inner = ''] = /^\s*(cron|rate|at)\((.*)\)\s*$/.exec(expression) ?? [];
  if (form === 'cron') return {is: 'cron', cron: parseCron(inner), zone};
  if (form === 'rate') return {is: 'rate', seconds: secondsOf(inner)};
  if (form === 'at') return {is: 'at', time: timeOf(inner, zone)};
  throw new ScheduleFault('The expression must be cron(...), rate(...) or at(...).');
}

function secondsOf(text: string): number {
  const [, value = '', unit = ''] = /^\s*([1-9]\d{0,5})\s+(minute|hour|day)s?\s*$/.exec(text) ?? [];
  const seconds = Number(value) * (unitSeconds[unit] ?? 0);
  if (seconds === 0) throw new ScheduleFault('rate() takes a number from 1 on, and minutes, hours or days: rate(5 minutes).');
  return seconds;
}

function timeOf(text: string, zone: string): Date {
  const match = /^\s*(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\s*$/.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1).map(Number);
  const isDate = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (match === null || !isDate) throw new ScheduleFault('at() takes one time: at(2026-12-24T18:00:00).');
  const time = momentAt(zone, {year, month, day, hour, minute, second});
  if (time === undefined) throw new ScheduleFault(`Clocks in ${zone} never show that time: they are put forward then.`);
  return time;
}

/**
 * When a schedule is due next, after a moment; undefined where it is not due any more. `start` is where a rate begins to count; it
 * is due at once, and nothing is due before.
 */
export function nextTime(schedule: Schedule, after: Date, start: Date): Date | undefined {
  const beforeStart = new Date(start.getTime() - 1);
  const from = after < beforeStart ? beforeStart : after;
  switch (schedule.is) {
    case 'at':
      return schedule.time > after ? schedule.time : undefined;
    case 'cron':
      return nextCronTime(schedule.cron, schedule.zone, from);
    case 'rate': {
      const step = schedule.seconds * 1000;
      const count = Math.max(0, Math.floor((from.getTime() - start.getTime()) / step) + 1);
      return new Date(start.getTime() + count * step);
    }
    default:
      return schedule satisfies never;
  }
}

/** The newest time after `after` and not after `now` at which a schedule was due. */
export function newestDue(schedule: Schedule, after: Date, now: Date, start: Date): Date | undefined {
  let newest: Date | undefined;
  for (let time = nextTime(schedule, after, start); time !== undefined && time <= now; time = nextTime(schedule, time, start)) {
    newest = time;
    if (schedule.is === 'rate') {
      const steps = Math.floor((now.getTime() - start.getTime()) / (schedule.seconds * 1000));
      return new Date(start.getTime() + steps * schedule.seconds * 1000);
    }
  }
  return newest;
}

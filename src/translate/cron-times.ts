import type {Cron, DayOfMonth, DayOfWeek} from './cron-fields.ts';
import {momentAt, wallTimeIn} from './time-zone.ts';

/** The first moment after `after` at which a cron expression is due in a zone; undefined where there is none any more. */
export function nextCronTime(cron: Cron, zone: string, after: Date): Date | undefined {
  const start = wallTimeIn(zone, after);
  const hours = sorted(cron.hours);
  const minutes = sorted(cron.minutes);
  for (const year of sorted(cron.years)) {
    if (year < start.year) continue;
    for (const month of sorted(cron.months)) {
      if (year === start.year && month < start.month) continue;
      for (const day of daysOf(cron, year, month)) {
        if (year === start.year && month === start.month && day < start.day) continue;
        for (const hour of hours) {
          for (const minute of minutes) {
            const isToday = year === start.year && month === start.month && day === start.day;
            // Only a clock that is put back shows an earlier time later, and what was due then was due the first time.
            if (isToday && hour * 60 + minute < start.hour * 60 + start.minute) continue;
            const moment = momentAt(zone, {year, month, day, hour, minute, second: 0});
            if (moment !== undefined && moment > after) return moment;
          }
        }
      }
    }
  }
  return undefined;
}

/** The days of one month on which a cron expression is due. */
function daysOf({dayOfMonth, dayOfWeek}: Cron, year: number, month: number): readonly number[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const all = Array.from({length}, (_, index) => index + 1);
  const weekday = (day: number): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
  if (dayOfMonth.is !== 'any') return all.filter(isDayOfMonth(dayOfMonth, length, weekday));
  return all.filter(isDayOfWeek(dayOfWeek, length, weekday));
}

type Weekday = (day: number) => number;
type IsDue = (day: number) => boolean;

function isDayOfMonth(field: DayOfMonth, length: number, weekday: Weekday): IsDue {
  switch (field.is) {
    case 'any':
      return () => true;
    case 'days':
      return (day) => field.days.has(day);
    case 'last':
      return (day) => day === length - field.before;
    case 'lastWeekday':
      return (day) => day === nearestWeekday(length, length, weekday);
    case 'nearestWeekday':
      return (day) => field.day <= length && day === nearestWeekday(field.day, length, weekday);
    default:
      return field satisfies never;
  }
}

function isDayOfWeek(field: DayOfWeek, length: number, weekday: Weekday): IsDue {
  switch (field.is) {
    case 'any':
      return () => true;
    case 'days':
      return (day) => field.days.has(weekday(day));
    case 'last':
      return (day) => weekday(day) === field.day && day + 7 > length;
    case 'nth':
      return (day) => weekday(day) === field.day && Math.ceil(day / 7) === field.nth;
    default:
      return field satisfies never;
  }
}

/** Saturday goes to Friday and Sunday to Monday, but never out of the month. */
function nearestWeekday(day: number, length: number, weekday: Weekday): number {
  if (weekday(day) === 7) return day === 1 ? 3 : day - 1;
  if (weekday(day) === 1) return day === length ? day - 2 : day + 1;
  return day;
}

function sorted(values: ReadonlySet<number>): readonly number[] {
  return [...values].toSorted((a, b) => a - b);
}

/** Which values a field allows: all of them, or these. */
export type Values = ReadonlySet<number>;

export type DayOfMonth =
  | {readonly is: 'any'}
  | {readonly is: 'days'; readonly days: Values}
  /** The last day, or so many days before it. */
  | {readonly is: 'last'; readonly before: number}
  /** The last day from Monday to Friday. */
  | {readonly is: 'lastWeekday'}
  /** The day from Monday to Friday of the same month that is nearest to that one. */
  | {readonly is: 'nearestWeekday'; readonly day: number};

export type DayOfWeek =
  | {readonly is: 'any'}
  /** 1 is Sunday, 7 Saturday. */
  | {readonly is: 'days'; readonly days: Values}
  | {readonly is: 'last'; readonly day: number}
  | {readonly is: 'nth'; readonly day: number; readonly nth: number};

/** AWS's six fields. Exactly one of the two fields for days is `any`. */
export interface Cron {
  readonly minutes: Values;
  readonly hours: Values;
  readonly dayOfMonth: DayOfMonth;
  readonly months: Values;
  readonly dayOfWeek: DayOfWeek;
  readonly years: Values;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** A range may go over the end and begin anew: FRI-MON. */
  readonly wraps?: true;
}

const fields = {
  minutes: {name: 'minutes', from: 0, to: 59},
  hours: {name: 'hours', from: 0, to: 23},
  dayOfMonth: {name: 'day-of-month', from: 1, to: 31},
  months: {name: 'month', from: 1, to: 12, names: monthNames},
  dayOfWeek: {name: 'day-of-week', from: 1, to: 7, names: dayNames, wraps: true},
  years: {name: 'year', from: 1970, to: 2199},
} as const satisfies Record<string, Field>;

/** Why an expression is none, for a person. */
export class ScheduleFault extends Error {
  override readonly name = 'ScheduleFault';
}

/**
 * `minutes hours day-of-month month day-of-week year`, with `, - * /` everywhere, `? L W` for the day of the month and `? L #` for
 * that of the week. Throws ScheduleFault. Source: EventBridge Scheduler User Guide, «Schedule types».
 */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 6) {
    throw new ScheduleFault(`cron() has six fields (minutes hours day-of-month month day-of-week year), and ${parts.length} were given.`);
  }
  const [minutes = '', hours = '', dayOfMonth = '', months = '', dayOfWeek = '', years = ''] = parts.map((part) => part.toUpperCase());
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleFault('One of day-of-month and day-of-week must be "?", and the other must not.');
  }
  return {
    minutes: valuesOf(minutes, fields.minutes),
    hours: valuesOf(hours, fields.hours),
    dayOfMonth: dayOfMonthOf(dayOfMonth),
    months: valuesOf(months, fields.months),
    dayOfWeek: dayOfWeekOf(dayOfWeek),
    years: valuesOf(years, fields.years),
  };
}

function dayOfMonthOf(text: string): DayOfMonth {
  if (text === '?') return {is: 'any'};
  if (text === 'LW' || text === 'WL') return {is: 'lastWeekday'};
  const last = /^L(?:-(\d{1,2}))?$/.exec(text);
  if (last !== null) return {is: 'last', before: Number(last[1] ?? 0)};
  const near = /^(\d{1,2})W$/.exec(text);
  if (near !== null) return {is: 'nearestWeekday', day: numberOf(near[1] ?? '', fields.dayOfMonth)};
  return {is: 'days', days: valuesOf(text, fields.dayOfMonth)};
}

function dayOfWeekOf(text: string): DayOfWeek {
  if (text === '?') return {is: 'any'};
  if (text === 'L') return {is: 'days', days: new Set([7])};
  const last = /^([A-Z]{3}|\d)L$/.exec(text);
  if (last !== null) return {is: 'last', day: numberOf(last[1] ?? '', fields.dayOfWeek)};
  const nth = /^([A-Z]{3}|\d)#([1-5])$/.exec(text);
  if (nth !== null) return {is: 'nth', day: numberOf(nth[1] ?? '', fields.dayOfWeek), nth: Number(nth[2])};
  return {is: 'days', days: valuesOf(text, fields.dayOfWeek)};
}

function valuesOf(text: string, field: Field): Values {
  return new Set(text.split(',').flatMap((part) => valuesOfPart(part, field)));
}

function valuesOfPart(part: string, field: Field): readonly number[] {
  const [range = '', stepText, ...more] = part.split('/');
  if (more.length > 0) throw wrong(part, field);
  const step = stepText === undefined ? 1 : /^[1-9]\d{0,3}$/.test(stepText) ? Number(stepText) : Number.NaN;
  if (Number.isNaN(step)) throw wrong(part, field);
  const [from, to] = boundsOf(range, field, stepText !== undefined);
  const end = to < from ? to + (field.to - field.from + 1) : to;
  const values: number[] = [];
  for (let value = from; value <= end; value += step) values.push(value > field.to ? value - (field.to - field.from + 1) : value);
  return values;
}

/** `5/10` begins at 5 and goes on to the end. */
function boundsOf(range: string, field: Field, hasStep: boolean): readonly [number, number] {
  if (range === '*') return [field.from, field.to];
  const [first = '', second, ...more] = range.split('-');
  if (more.length > 0) throw wrong(range, field);
  const from = numberOf(first, field);
  if (second === undefined) return [from, hasStep ? field.to : from];
  const to = numberOf(second, field);
  if (to < from && field.wraps !== true) throw new ScheduleFault(`${field.name}: ${range} ends before it begins.`);
  return [from, to];
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + field.from;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.from && value <= field.to)) throw wrong(text, field);
  return value;
}

function wrong(text: string, {name, from, to, names}: Field): ScheduleFault {
  const words = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`;
  return new ScheduleFault(`${name}: "${text.slice(0, 40)}" is nothing that it takes; it takes ${from} to ${to}${words}.`);
}

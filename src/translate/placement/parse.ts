import type {Comparison, Expression, Operator} from './expression.ts';

export type Parsed =
  | {readonly is: 'parsed'; readonly expression: Expression}
  /** Where it could not be read further (0 is the first character), and what was looked for there. */
  | {readonly is: 'wrong'; readonly position: number; readonly message: string};

class Wrong extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

const words: Readonly<Record<string, Operator>> = {
  equals: '==',
  not_equals: '!=',
  greater_than: '>',
  greater_than_equal: '>=',
  less_than: '<',
  less_than_equal: '<=',
  not_exists: '!exists',
  not_in: '!in',
  matches: '=~',
  not_matches: '!~',
};

const subject = /attribute:[\w.:/\\-]+|task:group\b|[A-Za-z]\w*/y;
const subjects = /^(attribute:.+|task:group|agentConnected|agentVersion|ec2InstanceId|registeredAt|runningTasksCount)$/;
const operator = /==|!=|>=|<=|=~|!~|>|<|!\s*(?:exists|in)\b|(?:not_)?(?:equals|exists|in|matches)\b|(?:greater|less)_than(?:_equal)?\b/iy;
const quoted = /'([^']*)'|"([^"]*)"/y;
const bare = /(?:(?!&&|\|\|)[^\s()'"])(?:(?!&&|\|\|)[^\s()])*/y;
const item = /[^\s,\]'"][^\s,\]]*/y;

/**
 * Reads an expression of ECS's cluster query language. `!` binds closest, then `&&`, then `||`.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
 */
export function parse(text: string): Parsed {
  try {
    return {is: 'parsed', expression: whole(text)};
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return {is: 'wrong', position: error.position, message: error.message};
  }
}

function whole(text: string): Expression {
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at += found[0].length;
    return found;
  };
  const space = (): void => void take(/\s*/y);
  const after = (pattern: RegExp): boolean => {
    space();
    return take(pattern) !== undefined;
  };
  const expect = (pattern: RegExp, what: string): void => {
    if (!after(pattern)) throw new Wrong(at, `${what} is missing`);
  };

  const joined = (is: 'and' | 'or', between: RegExp, part: () => Expression): Expression => {
    const first = part();
    const parts = [first];
    while (after(between)) parts.push(part());
    return parts.length === 1 ? first : {is, parts};
  };
  const either = (): Expression => joined('or', /\|\||or\b/iy, both);
  const both = (): Expression => joined('and', /&&|and\b/iy, one);
  const one = (): Expression => {
    if (after(/!|not\b/iy)) return {is: 'not', of: one()};
    if (!after(/\(/y)) return comparison();
    const inner = either();
    expect(/\)/y, 'a closing parenthesis');
    return inner;
  };

  const comparison = (): Comparison => {
    space();
    const position = at;
    const name = take(subject)?.[0];
    if (name === undefined) throw new Wrong(position, 'a subject such as attribute:NAME is missing');
    if (!subjects.test(name)) throw new Wrong(position, `${name} is no subject`);
    space();
    const sign = take(operator)?.[0].replaceAll(/\s/g, '').toLowerCase();
    if (sign === undefined) throw new Wrong(at, `an operator is missing after ${name}`);
    const how = words[sign] ?? (sign as Operator);
    const values = valuesFor(how);
    return {is: 'comparison', subject: name, operator: how, values, text: text.slice(position, at), position};
  };
  const valuesFor = (how: Operator): readonly string[] => {
    if (how === 'exists' || how === '!exists') return [];
    if (how !== 'in' && how !== '!in') return [value(bare)];
    expect(/\[/y, 'a list such as [a, b]');
    const values = [value(item)];
    while (after(/,/y)) values.push(value(item));
    expect(/\]/y, 'a closing bracket');
    return values;
  };
  const value = (form: RegExp): string => {
    space();
    const within = take(quoted);
    const found = within?.[1] ?? within?.[2] ?? take(form)?.[0];
    if (found === undefined) throw new Wrong(at, 'a value is missing');
    return found;
  };

  const expression = either();
  space();
  if (at < text.length) throw new Wrong(at, 'and, or, or the end of the expression is missing');
  return expression;
}

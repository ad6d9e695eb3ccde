/** More values than a person would list. */
const mostValues = 64;

class Unlistable extends Error {}

/**
 * Every text that a regular expression matches as a whole, where they can be listed: alternatives, `[abc]`, `[a-c]`, `?`,
 * parentheses and escaped signs. Undefined for all else, and for more than 64 texts.
 *
 * `dot`: what an unescaped `.` stands for, where the values can have nothing else there.
 */
export function textsOf(pattern: string, dot?: string): readonly string[] | undefined {
  try {
    return listed(pattern, dot);
  } catch (error) {
    if (error instanceof Unlistable) return undefined;
    throw error;
  }
}

/** What the values begin with, where a pattern is `BEGINNING.*`. */
export function beginningsOf(pattern: string, dot?: string): readonly string[] | undefined {
  const match = /^(.*[^\\])\.[*+]\$?$/s.exec(pattern.replace(/^\^/, ''));
  return match?.[1] === undefined ? undefined : textsOf(match[1], dot);
}

function listed(pattern: string, dot: string | undefined): readonly string[] {
  const text = pattern.replace(/^\^/, '').replace(/([^\\])\$$/, '$1');
  let at = 0;
  const limited = (texts: readonly string[]): readonly string[] => {
    if (texts.length > mostValues) throw new Unlistable();
    return [...new Set(texts)];
  };
  const either = (): readonly string[] => {
    let texts = sequence();
    while (text[at] === '|') {
      at += 1;
      texts = limited([...texts, ...sequence()]);
    }
    return texts;
  };
  const sequence = (): readonly string[] => {
    let texts: readonly string[] = [''];
    while (at < text.length && text[at] !== '|' && text[at] !== ')') {
      const piece = quantified(atom());
      texts = limited(texts.flatMap((before) => piece.map((after) => before + after)));
    }
    return texts;
  };
  const quantified = (texts: readonly string[]): readonly string[] => {
    const sign = text[at] ?? '';
    if ('*+{'.includes(sign) && sign !== '') throw new Unlistable();
    if (sign !== '?') return texts;
    at += 1;
    if ('?+'.includes(text[at] ?? '-')) throw new Unlistable();
    return ['', ...texts];
  };
  const atom = (): readonly string[] => {
    const sign = text[at] ?? '';
    at += 1;
    if (sign === '(') return group();
    if (sign === '[') return oneOf();
    if (sign === '\\') return [escaped()];
    if (sign === '.' && dot !== undefined) return [dot];
    if ('.*+?{}^$'.includes(sign)) throw new Unlistable();
    return [sign];
  };
  const group = (): readonly string[] => {
    if (text[at] === '?' && text.slice(at, at + 2) !== '?:') throw new Unlistable();
    if (text[at] === '?') at += 2;
    const texts = either();
    if (text[at] !== ')') throw new Unlistable();
    at += 1;
    return texts;
  };
  const oneOf = (): readonly string[] => {
    const end = text.indexOf(']', at);
    const members = text.slice(at, end);
    at = end + 1;
    if (end < 0 || !/^(?:[\w.](?:-[\w.])?)+$/.test(members)) throw new Unlistable();
    return limited([...members.matchAll(/(.)(?:-(.))?/g)].flatMap(([, first = '', last = first]) => range(first, last)));
  };
  const escaped = (): string => {
    const sign = text[at] ?? '';
    at += 1;
    // With a letter or a digit it is a class of characters, or a reference.
    if (sign === '' || /\w/.test(sign)) throw new Unlistable();
    return sign;
  };

  const texts = either();
  if (at < text.length) throw new Unlistable();
  return texts;
}

function range(first: string, last: string): readonly string[] {
  const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  if (to < from || to - from > mostValues) throw new Unlistable();
  return Array.from({length: to - from + 1}, (_, index) => String.fromCodePoint(from + index));
}

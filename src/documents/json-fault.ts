const space = /[ \t\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- JSON's grammar forbids them in strings
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text stops being JSON, as an offset; `undefined` where it is JSON. (JSON.parse knows, and does not always say.)
 */
export function jsonFault(text: string): number | undefined {
  const end = skip(text, 0, space);
  const after = valueEnd(text, end);
  if (after.fault !== undefined) return after.fault;
  const rest = skip(text, after.end, space);
  return rest === text.length ? undefined : rest;
}

/** `line L column C`, counted from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length} column ${(before.at(-1) ?? '').length + 1}`;
}

type Scanned = {readonly end: number; readonly fault?: undefined} | {readonly fault: number};

function valueEnd(text: string, start: number): Scanned {
  if (text[start] === '{') return listEnd(text, start, '}', memberEnd);
  if (text[start] === '[') return listEnd(text, start, ']', valueEnd);
  return tokenEnd(text, start, text[start] === '"' ? string : scalar);
}

function listEnd(text: string, start: number, close: string, itemEnd: (text: string, start: number) => Scanned): Scanned {
  let at = skip(text, start + 1, space);
  if (text[at] === close) return {end: at + 1};
  for (;;) {
    const item = itemEnd(text, at);
    if (item.fault !== undefined) return item;
    at = skip(text, item.end, space);
    if (text[at] === close) return {end: at + 1};
    if (text[at] !== ',') return {fault: at};
    at = skip(text, at + 1, space);
  }
}

function memberEnd(text: string, start: number): Scanned {
  const key = tokenEnd(text, start, string);
  if (key.fault !== undefined) return key;
  const colon = skip(text, key.end, space);
  return text[colon] === ':' ? valueEnd(text, skip(text, colon + 1, space)) : {fault: colon};
}

function tokenEnd(text: string, start: number, token: RegExp): Scanned {
  const end = skip(text, start, token);
  return end === start ? {fault: start} : {end};
}

function skip(text: string, start: number, token: RegExp): number {
  token.lastIndex = start;
  return token.test(text) ? token.lastIndex : start;
}

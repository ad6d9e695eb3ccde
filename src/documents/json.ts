import {jsonFault, lineAndColumn} from './json-fault.ts';

export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};
export type JsonObject = {readonly [key: string]: Json};

/** What is wrong with a document, with the position. `undefined` where it is a JSON object. */
export function faultOf(text: string): string | undefined {
  const parsed = parse(text);
  if (parsed === undefined) {
    const offset = jsonFault(text) ?? 0;
    const found = text.slice(offset, offset + 20).trim();
    return `it is not JSON at ${lineAndColumn(text, offset)}: ${found === '' ? 'it ends there' : `«${found}»`}`;
  }
  return isObject(parsed.value) ? undefined : 'it must be a JSON object';
}

/** Whether two texts are JSON objects that `canonical` makes the same; the order of keys never counts. */
export function isSame(one: string, other: string, canonical: (document: JsonObject) => Json): boolean {
  if (one === other) return true;
  const [first, second] = [parse(one), parse(other)];
  if (!first || !second || !isObject(first.value) || !isObject(second.value)) return false;
  return print(canonical(first.value)) === print(canonical(second.value));
}

/** The JSON object in a text; `undefined` where it holds none. */
export function objectIn(text: string): JsonObject | undefined {
  const parsed = parse(text);
  return parsed !== undefined && isObject(parsed.value) ? parsed.value : undefined;
}

function parse(text: string): {readonly value: Json} | undefined {
  try {
    return {value: JSON.parse(text) as Json};
  } catch {
    return undefined;
  }
}

/** JSON with its keys in order. */
export function print(value: Json): string {
  if (isList(value)) return `[${value.map(print).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${print(value[key] ?? null)}`);
  return `{${members.join()}}`;
}

/** The members that `map` gives; those for which it gives nothing are left out. */
export function mapMembers(object: JsonObject, map: (key: string, value: Json) => Json | undefined): JsonObject {
  const members = Object.entries(object).map(([key, value]) => [key, map(key, value)] as const);
  return Object.fromEntries(members.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}

/** A list, or a list of the one value. */
export function listOf(value: Json): readonly Json[] {
  return isList(value) ? value : [value];
}

/** In an order that depends on what the items say alone. */
export function sorted(list: readonly Json[]): readonly Json[] {
  return list
    .map((item) => ({item, text: print(item)}))
    .toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({item}) => item);
}

/** Sorted, and each once. */
export function distinct(list: readonly Json[]): readonly Json[] {
  const seen = new Set<string>();
  return sorted(list).filter((item) => {
    const text = print(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

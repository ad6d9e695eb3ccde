import {jsonFault, lineAndColumn} from './json-fault.ts';

/** JSON documents that AWS keeps as text: whether they are JSON, and whether two mean the same. */

type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};
type JsonObject = {readonly [key: string]: Json};

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

/**
 * Whether two lifecycle policies mean the same: the order of keys, rules and tag lists, empty lists, numbers written as
 * text and white space do not count. What is not known here is compared as it stands, and never left out.
 */
export function isSameLifecyclePolicy(one: string, other: string): boolean {
  return isSame(one, other, lifecycle);
}

/**
 * Whether two IAM policies mean the same: AWS gives statements and lists back in any order, a list of one as a string, and
 * an account id as the ARN of its root.
 */
export function isSameRepositoryPolicy(one: string, other: string): boolean {
  return isSame(one, other, policy);
}

function isSame(one: string, other: string, canonical: (document: JsonObject) => Json): boolean {
  if (one === other) return true;
  const [first, second] = [parse(one), parse(other)];
  if (!first || !second || !isObject(first.value) || !isObject(second.value)) return false;
  return print(canonical(first.value)) === print(canonical(second.value));
}

function parse(text: string): {readonly value: Json} | undefined {
  try {
    return {value: JSON.parse(text) as Json};
  } catch {
    return undefined;
  }
}

/** JSON with its keys in order. */
function print(value: Json): string {
  if (isList(value)) return `[${value.map(print).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${print(value[key] ?? null)}`);
  return `{${members.join()}}`;
}

function lifecycle(document: JsonObject): Json {
  const {rules = null} = document;
  if (!isList(rules)) return document;
  return {...document, rules: sorted(rules.map((rule) => (isObject(rule) ? lifecycleRule(rule) : rule)))};
}

function lifecycleRule(rule: JsonObject): Json {
  return mapMembers(rule, (key, value) => {
    if (key === 'rulePriority') return numberIn(value);
    if (key === 'description') return value === '' ? undefined : value;
    if (key !== 'selection' || !isObject(value)) return value;
    return mapMembers(value, (name, member) => {
      if (name === 'countNumber') return numberIn(member);
      if (name !== 'tagPrefixList' && name !== 'tagPatternList') return member;
      return isList(member) ? nonEmpty(sorted(member)) : member;
    });
  });
}

function policy(document: JsonObject): Json {
  const {Version: version = '2008-10-17', Statement: statement = [], ...rest}: {readonly [key: string]: Json} = document;
  const statements = listOf(statement).map((one) => (isObject(one) ? policyStatement(one) : one));
  return {...rest, Version: version, Statement: sorted(statements)};
}

function policyStatement(statement: JsonObject): Json {
  return mapMembers(statement, (key, value) => {
    switch (key) {
      case 'Sid':
        return value === '' ? undefined : value;
      case 'Action':
      case 'NotAction':
        return distinct(listOf(value).map((action) => (typeof action === 'string' ? action.toLowerCase() : action)));
      case 'Resource':
      case 'NotResource':
        return distinct(listOf(value));
      case 'Principal':
      case 'NotPrincipal':
        return principal(value);
      case 'Condition':
        return isObject(value) ? condition(value) : value;
      default:
        return value;
    }
  });
}

function principal(value: Json): Json | undefined {
  if (value === '*') return {AWS: ['*']};
  if (!isObject(value)) return value;
  return mapMembers(value, (kind, members) => distinct(listOf(members).map((member) => (kind === 'AWS' ? account(member) : member))));
}

/** `123456789012` and `arn:aws:iam::123456789012:root` are the same principal. */
function account(member: Json): Json {
  if (typeof member !== 'string') return member;
  return /^arn:aws[\w-]*:iam::(\d{12}):root$/.exec(member)?.[1] ?? member;
}

/** Operators, and keys with one value or several, each of which IAM reads as text. */
function condition(operators: JsonObject): Json {
  return mapMembers(operators, (_, keys) =>
    isObject(keys) ? mapMembers(keys, (__, values) => distinct(listOf(values).map((one) => (isScalar(one) ? String(one) : one)))) : keys,
  );
}

function mapMembers(object: JsonObject, map: (key: string, value: Json) => Json | undefined): JsonObject {
  const members = Object.entries(object).map(([key, value]) => [key, map(key, value)] as const);
  return Object.fromEntries(members.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}

function numberIn(value: Json): Json {
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
}

function nonEmpty(list: readonly Json[]): Json | undefined {
  return list.length === 0 ? undefined : list;
}

function listOf(value: Json): readonly Json[] {
  return isList(value) ? value : [value];
}

function sorted(list: readonly Json[]): readonly Json[] {
  return list
    .map((item) => ({item, text: print(item)}))
    .toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({item}) => item);
}

function distinct(list: readonly Json[]): readonly Json[] {
  const seen = new Set<string>();
  return sorted(list).filter((item) => {
    const text = print(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function isScalar(value: Json): value is boolean | number {
  return typeof value === 'boolean' || typeof value === 'number';
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

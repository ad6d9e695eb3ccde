import {distinct, isObject, isSame, type Json, type JsonObject, listOf, mapMembers, sorted} from './json.ts';

/**
 * Whether two IAM policies mean the same: AWS gives statements and lists back in any order, a list of one as a string, and
 * an account id as the ARN of its root.
 */
export function isSamePolicy(one: string, other: string): boolean {
  return isSame(one, other, canonicalPolicy);
}

/** A policy in the one form that all its spellings have. */
export function canonicalPolicy(document: JsonObject): Json {
  const {Version: version = '2008-10-17', Statement: statement = [], ...rest}: {readonly [key: string]: Json} = document;
  const statements = listOf(statement).map((one) => (isObject(one) ? policyStatement(one) : one));
  return {...rest, Version: version, Statement: sorted(statements)};
}

/** A statement in the one form that all of its spellings have. What is no object stays as it is. */
export function canonicalStatement(statement: Json): Json {
  return isObject(statement) ? policyStatement(statement) : statement;
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

function isScalar(value: Json): value is boolean | number {
  return typeof value === 'boolean' || typeof value === 'number';
}

import {canonicalPolicy} from './iam-policy.ts';
import {isObject, isSame, type Json, type JsonObject, listOf, mapMembers, objectIn} from './json.ts';

/** What AWS puts in the place of a user or role that was deleted: its unique id. */
const uniqueId = /^(?:AIDA|AROA)[A-Z0-9]{12,}$/;
const userOrRole = /^arn:aws[\w-]*:iam::\d{12}:(?:user|role)\//;

/**
 * The users and roles of `wanted` in whose place the policy `actual`, as AWS has it, has unique ids: they were deleted, and
 * writing the policy again would be refused. None where the two are the same, or differ in anything else.
 */
export function gonePrincipals(wanted: string, actual: string): readonly string[] {
  const [named, held] = [principalsIn(wanted), principalsIn(actual)];
  const ids = [...held].filter((principal) => uniqueId.test(principal) && !named.has(principal));
  const gone = [...named].filter((principal) => userOrRole.test(principal) && !held.has(principal));
  if (ids.length === 0 || gone.length === 0) return [];
  const unresolved = new Set([...ids, ...gone]);
  const blurred = (document: JsonObject) =>
    canonicalPolicy(eachPrincipal(document, (principal) => (unresolved.has(principal) ? 'gone' : principal)));
  return isSame(wanted, actual, blurred) ? gone.toSorted() : [];
}

/** Users and roles that a policy names by ARN. */
export function namedUsersAndRoles(text: string): readonly string[] {
  return [...principalsIn(text)].filter((principal) => userOrRole.test(principal));
}

function principalsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  eachPrincipal(objectIn(text) ?? {}, (principal) => {
    found.add(principal);
    return principal;
  });
  return found;
}

function eachPrincipal(document: JsonObject, map: (principal: string) => string): JsonObject {
  return mapMembers(document, (key, statements) =>
    key === 'Statement' ? listOf(statements).map((one) => inStatement(one, map)) : statements,
  );
}

function inStatement(statement: Json, map: (principal: string) => string): Json {
  if (!isObject(statement)) return statement;
  return mapMembers(statement, (key, value) => {
    if ((key !== 'Principal' && key !== 'NotPrincipal') || !isObject(value)) return value;
    return mapMembers(value, (kind, members) =>
      kind === 'AWS' ? listOf(members).map((member) => (typeof member === 'string' ? map(member) : member)) : members,
    );
  });
}

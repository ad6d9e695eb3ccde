import type * as z from 'zod';
import {issueText} from '../schema/issue-text.ts';
import {faultOf, isList, isObject, isSame, type Json, type JsonObject, mapMembers, objectIn, print, sorted} from './json.ts';
import {LifecycleRules} from './lifecycle-rules.ts';

/** AWS's limits for the text of a policy, in characters. */
const [shortest, longest] = [100, 30_720];

/**
 * Whether two lifecycle policies mean the same: the order of keys, rules and tag lists, empty lists, numbers written as
 * text, the storage class that is AWS's default, and white space do not count. What is not known here is compared as it
 * stands, and never left out.
 */
export function isSameLifecyclePolicy(one: string, other: string): boolean {
  return isSame(one, other, canonical);
}

/** One text for all policies that mean the same. A text that is no JSON object is given back. */
export function canonicalLifecyclePolicy(text: string): string {
  const document = objectIn(text);
  return document === undefined ? text : print(canonical(document));
}

/** The document of typed rules, in the order of their priority. */
export function renderLifecyclePolicy(rules: LifecycleRules): string {
  return JSON.stringify({rules: rules.toSorted((a, b) => a.rulePriority - b.rulePriority)});
}

/**
 * What AWS would refuse in a policy, with the path of the field; `undefined` where nothing is known against it. Keys,
 * and words in the place of a known one (another countType, say), that are not known here are left to AWS to judge: it may have
 * learnt them since.
 */
export function lifecyclePolicyFault(text: string): string | undefined {
  const fault = faultOf(text);
  if (fault !== undefined) return fault;
  const {rules = null} = normal(objectIn(text) ?? {});
  const {error} = LifecycleRules.safeParse(rules, {reportInput: true});
  const issue = error?.issues.find(isDocumented);
  if (issue !== undefined) return issueText(issue, 'rules');
  if (text.length < shortest) return `it has ${text.length} characters, and AWS takes no policy of less than ${shortest}`;
  if (text.length > longest) return `it has ${text.length} characters, and AWS takes at most ${longest}`;
  return undefined;
}

/** Not a word that we do not know, nor a limit that AWS does not document: the typed rules need one, a text does not. */
function isDocumented({code, input}: z.core.$ZodIssue): boolean {
  return code !== 'too_big' && (code !== 'invalid_value' || typeof input !== 'string');
}

function canonical(document: JsonObject): Json {
  const {rules = null, ...rest} = normal(document);
  return isList(rules) ? {...rest, rules: sorted(rules.map((rule) => (isObject(rule) ? withSortedTags(rule) : rule)))} : document;
}

/** As it is meant, in the order in which it is written. */
function normal(document: JsonObject): JsonObject {
  const {rules = null} = document;
  return isList(rules) ? {...document, rules: rules.map((rule) => (isObject(rule) ? normalRule(rule) : rule))} : document;
}

function normalRule(rule: JsonObject): JsonObject {
  return mapMembers(rule, (key, value) => {
    if (key === 'rulePriority') return numberIn(value);
    if (key === 'description') return value === '' ? undefined : value;
    if (key !== 'selection' || !isObject(value)) return value;
    return mapMembers(value, (name, member) => {
      if (name === 'countNumber') return numberIn(member);
      if (name === 'storageClass') return member === 'standard' ? undefined : member;
      if (!isTags(name) || !isList(member)) return member;
      return member.length === 0 ? undefined : [...new Set(member)];
    });
  });
}

function withSortedTags(rule: JsonObject): JsonObject {
  const {selection = null} = rule;
  if (!isObject(selection)) return rule;
  return {...rule, selection: mapMembers(selection, (name, member) => (isTags(name) && isList(member) ? sorted(member) : member))};
}

function isTags(name: string): boolean {
  return name === 'tagPrefixList' || name === 'tagPatternList';
}

function numberIn(value: Json): Json {
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
}

import {isList, isObject, isSame, type Json, type JsonObject, mapMembers, sorted} from './json.ts';

/**
 * Whether two lifecycle policies mean the same: the order of keys, rules and tag lists, empty lists, numbers written as
 * text and white space do not count. What is not known here is compared as it stands, and never left out.
 */
export function isSameLifecyclePolicy(one: string, other: string): boolean {
  return isSame(one, other, lifecycle);
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

function numberIn(value: Json): Json {
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
}

function nonEmpty(list: readonly Json[]): Json | undefined {
  return list.length === 0 ? undefined : list;
}

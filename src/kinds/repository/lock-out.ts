import {isObject, type Json, type JsonObject, listOf, objectIn} from '../../documents/json.ts';

const action = 'ecr:setrepositorypolicy';

/**
 * Whether a policy has a statement that denies ecr:SetRepositoryPolicy, to whomever and on whatever condition. A policy without
 * one locks nobody out; one with it does where the operator is among those that it denies, which only AWS can say.
 */
export function mayLockOut(policyText: string): boolean {
  return listOf(objectIn(policyText)?.['Statement'] ?? []).some((statement) => isObject(statement) && denies(statement));
}

function denies({Effect: effect, Action: actions, NotAction: others}: {readonly [member: string]: Json} & JsonObject): boolean {
  if (effect !== 'Deny') return false;
  if (actions !== undefined) return listOf(actions).some(covers);
  return others !== undefined && !listOf(others).some(covers);
}

function covers(pattern: Json): boolean {
  if (typeof pattern !== 'string') return false;
  const parts = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${parts.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(action);
}

import {invalid} from './answers.ts';
import type {AwsError} from './answers.ts';
import {inputOf, parseObject, textOf} from './message.ts';
import type {AwsCall, Json} from './message.ts';

/**
 * ECR refuses a policy that would keep the caller from setting another, unless it is forced. Of such policies only the plainest
 * are known here: those that deny it to everyone without a condition. AWS does not document the text.
 */
export function lockOut(call: AwsCall): AwsError | undefined {
  if (call.operation !== 'SetRepositoryPolicy') return undefined;
  const {force, policyText} = inputOf(call) ?? {};
  if (force === true || !locksEveryoneOut(parseObject(textOf(policyText)) ?? {})) return undefined;
  return invalid('PolicyText', 'The policy would prevent you from setting another policy in the future');
}

function locksEveryoneOut(policy: Json): boolean {
  return listOf(policy['Statement']).some((statement) => {
    const {Effect: effect, Principal: principal, Condition: condition, Action: action} = statement as Json;
    const isEveryone = principal === '*' || listOf((principal as Json | undefined)?.['AWS']).includes('*');
    return effect === 'Deny' && isEveryone && condition === undefined && listOf(action).some(isAboutPolicies);
  });
}

function isAboutPolicies(action: unknown): boolean {
  return /^(\*|ecr:(\*|set\*|setrepositorypolicy))$/i.test(textOf(action));
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

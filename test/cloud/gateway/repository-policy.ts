import {errorAnswer, invalid} from './answers.ts';
import type {Context} from './context.ts';
import type {Handlers} from './handler.ts';
import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';

export const repositoryPolicyHandlers: Handlers = {SetRepositoryPolicy: setRepositoryPolicy};

/**
 * ECR refuses a policy that would keep the caller from setting another, unless it is forced. Of such policies only the plainest
 * are known here: those that deny it to everyone without a condition. AWS does not document the text.
 */
async function setRepositoryPolicy({moto}: Context, call: AwsCall, input: Json): Promise<Reply> {
  if (input['force'] !== true && locksEveryoneOut(parseObject(textOf(input['policyText'])) ?? {})) {
    return errorAnswer(call, invalid('PolicyText', 'The policy would prevent you from setting another policy in the future'));
  }
  const {force: _, ...rest} = input;
  return moto.forward(call, rest);
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

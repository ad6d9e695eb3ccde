import {hash} from 'node:crypto';
import {canonicalLifecyclePolicy, lifecyclePolicyFault, renderLifecyclePolicy} from '../documents/lifecycle-policy.ts';
import type * as z from 'zod';
import type {LifecyclePolicy as LifecyclePolicySchema} from './repository-settings.ts';

/** What a spec says, if it does: rules, or a text. */
type LifecyclePolicy = z.output<typeof LifecyclePolicySchema> | undefined;

/** The document that the spec asks for, whichever way it is written. */
export function policyTextOf(policy: LifecyclePolicy): string | undefined {
  return policy?.rules === undefined ? policy?.lifecyclePolicyText : renderLifecyclePolicy(policy.rules);
}

/** What AWS would refuse in it, with the path of the field. */
export function policyFault(policy: LifecyclePolicy): string | undefined {
  const text = policyTextOf(policy);
  const fault = text === undefined ? undefined : lifecyclePolicyFault(text);
  if (fault === undefined) return undefined;
  return `spec.lifecyclePolicy.${policy?.rules === undefined ? 'lifecyclePolicyText' : 'rules'}: ${fault}`;
}

/** The same for all texts that mean the same. */
export function digestOf(text: string): string {
  return `sha256:${hash('sha256', canonicalLifecyclePolicy(text))}`;
}

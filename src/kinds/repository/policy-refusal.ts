import {gonePrincipals, namedUsersAndRoles} from '../../documents/gone-principals.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import type {Resource} from '../../schema/object.ts';
import {Interruption, type Outcome} from '../outcome.ts';
import {mayLockOut} from './lock-out.ts';
import {statusOf} from './memory.ts';
import type {Found} from './observed.ts';
import type {RepositorySpec} from './schema.ts';
import type {SetPolicyStep} from './step.ts';

/** How long AWS is given to learn of a role that was just made, in seconds. It takes a few minutes at most. */
const patienceSeconds = 300;
/** When a policy that names nobody is offered again, in seconds: the role may be made after all. */
const refusedSeconds = 600;
const notFound = 'PrincipalNotFound';
const gone = 'PrincipalGone';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
  readonly reason: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** Since when AWS does not know a principal of the policy; `over` where it was given its time for this very spec. */
export function refusedSince({metadata, status}: Resource<RepositorySpec>): string | undefined {
  const {conditions = []} = (status ?? {}) as {readonly conditions?: readonly Condition[]};
  const current = conditions.filter(({status: is, observedGeneration}) => is === 'True' && observedGeneration === metadata.generation);
  if (current.some(({type, reason}) => type === 'Stalled' && (reason === notFound || reason === gone))) return 'over';
  return current.find(({type, message}) => type === 'Reconciling' && message.startsWith(`${notFound}: `))?.lastTransitionTime;
}

/** Whether the repository policy in ECR is the one of the spec, be it with roles that were deleted since. */
export function isPolicyInForce({repositoryPolicy}: RepositorySpec, {policyText: actual}: Found): boolean {
  if (repositoryPolicy === undefined || actual === undefined) return false;
  const {policyText} = repositoryPolicy;
  return isSamePolicy(policyText, actual) || gonePrincipals(policyText, actual).length > 0;
}

/**
 * The users and roles in whose place AWS's policy has an id, as they were deleted after it was set. To write the policy again
 * would be refused at every check; it is tried for a new spec only, because they may have been made again.
 */
export function principalsGone(resource: Resource<RepositorySpec>, {policyText: actual}: Found): readonly string[] {
  const text = resource.spec.repositoryPolicy?.policyText;
  const isInForce = statusOf(resource).applied?.generation === resource.metadata.generation;
  if (text === undefined || actual === undefined || !(isInForce || refusedSince(resource) === 'over')) return [];
  return gonePrincipals(text, actual);
}

export function principalGone(principals: readonly string[]): Outcome {
  const message =
    `spec.repositoryPolicy.policyText names ${principals.join(', ')}, deleted in AWS: the policy there has only an id in that place, which ` +
    `gives nobody access. Nothing was written. Take it out of the policy; if it was made again, change the spec (a Sid, say) to have the policy set anew`;
  return {is: 'stalled', reason: gone, message};
}

/** What becomes of a policy that AWS refuses, where more can be said than AWS does; any other error stays as it is. */
export function explainRefusal(step: SetPolicyStep, now: Date): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Interruption) || error.outcome.reason !== 'InvalidParameter') throw error;
    throw new Interruption(explained(step, error, now), {cause: error});
  };
}

function explained(step: SetPolicyStep, {outcome}: Interruption, now: Date): Interruption['outcome'] {
  const isAboutPrincipal = /principal/i.test(outcome.message);
  if (!isAboutPrincipal && step.force !== true && mayLockOut(step.text)) {
    const message =
      `spec.repositoryPolicy.policyText denies ecr:SetRepositoryPolicy, and ECR refuses a policy that would keep the operator from setting ` +
      `another: leave the operator's role out of the Deny statement, or set spec.repositoryPolicy.force to true. ${outcome.message}`;
    return {...outcome, reason: 'PolicyWouldLockOut', message};
  }
  const named = namedUsersAndRoles(step.text);
  // ECR has said «Invalid repository policy provided» of new roles, too.
  if (!isAboutPrincipal && !(named.length > 0 && /invalid repository policy/i.test(outcome.message))) return outcome;
  const who = named.length === 0 ? 'a principal' : `one of ${named.join(', ')}`;
  const says = `AWS does not know ${who}, or cannot read the policy in spec.repositoryPolicy.policyText`;
  if (isOver(step.refusedSince, now)) {
    const message = `${says}: make the role, or take it out of the policy. ${outcome.message}`;
    return {is: 'stalled', reason: notFound, message, seconds: refusedSeconds};
  }
  return {is: 'failed', reason: notFound, message: `${says}; a role is known a few minutes after it was made. ${outcome.message}`};
}

function isOver(since: string | undefined, now: Date): boolean {
  if (since === undefined) return false;
  return since === 'over' || now.getTime() - Date.parse(since) >= patienceSeconds * 1000;
}

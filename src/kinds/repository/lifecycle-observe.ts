import type {LifecyclePreviewPage} from '../../aws/lifecycle-previews.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {type Claim, ownershipOf} from '../ownership.ts';
import {pods} from '../sources.ts';
import type {LifecycleLook} from './lifecycle-look.ts';
import {isFresh} from './lifecycle-memory.ts';
import {digestOf, policyFault, policyTextOf} from '../lifecycle-text.ts';
import {isKnown, isReportOnly, statusOf} from './memory.ts';
import type {Found, Ready} from './observed.ts';
import {endangeredBy, runningImages} from './running-images.ts';
import type {RepositorySpec} from './schema.ts';

interface Looking {
  readonly resource: Resource<RepositorySpec>;
  readonly place: Ready;
  readonly found: Found;
  readonly claim: Claim;
  readonly doors: Doors;
}

/**
 * What the spec's lifecycle policy would do, where it is about to be changed; no call where it is not. `undefined` also where
 * no preview can be relied on, so that one has to be started.
 */
export async function lookAhead(looking: Looking): Promise<LifecycleLook | undefined> {
  const {resource, found, place, doors} = looking;
  const text = policyTextOf(resource.spec.lifecyclePolicy);
  if (text === undefined || !isToBePut(looking, text)) return undefined;
  const name = found.repository.repositoryName;
  if ((await doors.aws.ecr(place.location).countImages(name, 1)) === 0) return {is: 'empty'};
  const previews = doors.aws.lifecyclePreviews(place.location);
  const page = await previews.page(name);
  return page && judge(looking, text, page);
}

function isToBePut({resource, found, claim}: Looking, text: string): boolean {
  const {spec, metadata} = resource;
  if (metadata.deletionTimestamp !== undefined || spec.lifecycleGuard === 'Off' || isReportOnly(resource)) return false;
  const {tags, isContested} = found;
  const known = isKnown(statusOf(resource), found);
  if (ownershipOf({tags, claim, isContested, isKnown: known, adoptionPolicy: spec.adoptionPolicy}).is === 'foreign') return false;
  if (policyFault(spec.lifecyclePolicy) !== undefined) return false;
  return found.lifecyclePolicyText === undefined || !isSameLifecyclePolicy(text, found.lifecyclePolicyText);
}

async function judge(looking: Looking, text: string, first: LifecyclePreviewPage): Promise<LifecycleLook | undefined> {
  const {resource, doors} = looking;
  const now = doors.now();
  const memory = statusOf(resource).lifecyclePreview;
  const isMine = isSameLifecyclePolicy(text, first.lifecyclePolicyText);
  const isRemembered = isMine && memory?.policyDigest === digestOf(text);
  // One that was asked for before the operator was stopped goes on as if it were asked for now.
  const requestedAt = isRemembered ? memory.requestedAt : now.toISOString();
  if (first.status === 'IN_PROGRESS') return isMine ? {is: 'underWay', requestedAt} : {is: 'busy'};
  if (!isRemembered || !isFresh(memory, now)) return undefined;
  if (first.status === 'FAILED') return {is: 'failed', requestedAt};
  return first.status === 'COMPLETE' ? complete(looking, text, requestedAt, first) : undefined;
}

/**
 * Reads all images that the policy would act on. They could be asked for by the ids of those that run, but what ECR answers
 * of an id that it does not know is not documented, and a guess must not decide what is deleted.
 */
async function complete(
  {place, found, doors}: Looking,
  text: string,
  requestedAt: string,
  first: LifecyclePreviewPage,
): Promise<LifecycleLook | undefined> {
  const {repositoryName: name} = found.repository;
  const running = runningImages(doors.cache.list(pods), place.hosts, name);
  const {expiringImageTotalCount, transitioningImageTotalCounts} = first;
  const totals = {expiringImageTotalCount, transitioningImageTotalCounts};
  const endangered = [...endangeredBy(first.images, running)];
  let {nextToken} = first;
  while (nextToken !== undefined && running.size > 0) {
    const page = await doors.aws.lifecyclePreviews(place.location).page(name, nextToken);
    // Another preview took its place while it was read.
    if (page?.status !== 'COMPLETE' || !isSameLifecyclePolicy(text, page.lifecyclePolicyText)) return undefined;
    endangered.push(...endangeredBy(page.images, running));
    nextToken = page.nextToken;
  }
  return {is: 'complete', requestedAt, totals, endangered: endangered.toSorted((a, b) => (a.image < b.image ? -1 : 1))};
}

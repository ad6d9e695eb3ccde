import type {EcrImages} from '../../aws/ecr-images.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {Interruption, type Outcome} from '../outcome.ts';
import {ownerTag, type Claim} from '../ownership.ts';
import {findingsOf, imagesOf, nothing, tally, type Findings, type Images, type Tally} from './image-summary.ts';
import {isKnown, statusOf} from './memory.ts';
import type {Found, Ready} from './observed.ts';
import type {RepositorySpec} from './schema.ts';

/** What was read anew of the images; a part that is absent was not due. */
export interface ImageLook {
  readonly images?: Images;
  readonly findings?: Findings;
  /** Why a part that was due could not be read. */
  readonly failure?: Outcome;
}

/**
 * Reads what is due of the summary that the spec asks for: each part once in `refreshSeconds`, never in the walk that creates
 * or adopts. What fails here is no failure of the Repository: it is told beside, and tried again at the next check.
 */
export async function lookAtImages(given: {
  readonly resource: Resource<RepositorySpec>;
  readonly place: Ready;
  readonly claim: Claim;
  readonly found: Found;
  readonly doors: Doors;
}): Promise<ImageLook | undefined> {
  const {resource, place, claim, found, doors} = given;
  const {imageSummary} = resource.spec;
  const status = statusOf(resource);
  if (imageSummary === undefined || resource.metadata.deletionTimestamp !== undefined) return undefined;
  if (!isKnown(status, found) || found.tags[ownerTag] !== claim.owner) return undefined;
  const now = doors.now();
  const isDue = (observedAt: string | undefined) =>
    observedAt === undefined || now.getTime() - Date.parse(observedAt) >= imageSummary.refreshSeconds * 1000;
  const {repositoryName: name} = found.repository;
  const look: {images?: Images; findings?: Findings} = {};
  // Made only where something is due, as most looks find nothing to do.
  const door = () => doors.aws.images(place.location);
  try {
    if (isDue(status.images?.observedAt)) {
      const counted = await countAll(door(), name);
      if (counted === undefined) return undefined;
      look.images = imagesOf(counted, now);
    }
    const digest = (look.images ?? status.images)?.newest?.imageDigest;
    if (digest !== undefined && (digest !== status.findings?.imageDigest || isDue(status.findings.observedAt))) {
      look.findings = findingsOf(digest, await door().scanOf(name, digest), now);
    }
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    return {...look, failure: error.outcome};
  }
  return look;
}

async function countAll(door: EcrImages, name: string): Promise<Tally | undefined> {
  let counted = nothing;
  let nextToken: string | undefined;
  do {
    const page = await door.describeImages(name, nextToken);
    if (page === undefined) return undefined;
    counted = tally(counted, page.images);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return counted;
}

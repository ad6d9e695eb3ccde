import type {Resource} from '../../schema/object.ts';
import type {ConditionClaim} from '../kind.ts';
import type {ImageLook} from './image-look.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';

const type = 'ImagesObserved';

/** The summary as it is now known: what was not read anew stays, and what the spec does not ask for goes. */
export function imageFields(
  {imageSummary}: RepositorySpec,
  previous: RepositoryStatus,
  look: ImageLook | undefined,
): Pick<RepositoryStatus, 'images' | 'findings'> {
  if (imageSummary === undefined) return {};
  const images = look?.images ?? previous.images;
  const findings = look?.findings ?? previous.findings;
  // Findings of an image that is no longer the newest would be read as those of the newest.
  const isOfNewest = findings !== undefined && findings.imageDigest === images?.newest?.imageDigest;
  return {...(images && {images}), ...(isOfNewest && {findings})};
}

/** Whether the summary could be read; beside Ready, as nobody who pulls an image feels it. */
export function imageClaims(resource: Resource<RepositorySpec>, look: ImageLook | undefined): readonly ConditionClaim[] {
  if (resource.spec.imageSummary === undefined) return [];
  if (look === undefined) return conditionBefore(resource);
  return [look.failure === undefined ? observed : {type, status: 'False', ...toldOnce(look.failure), aside: true}];
}

const observed: ConditionClaim = {
  type,
  status: 'True',
  reason: 'ImagesObserved',
  message: 'the images were counted, and the scan of the newest was looked at',
  aside: true,
};

/** Without the request id, which is another one each time: what is still so is not to be written again. */
function toldOnce({reason, message}: {readonly reason: string; readonly message: string}): {reason: string; message: string} {
  return {reason, message: message.replace(/ \(request id [^)]*\)/, '')};
}

function conditionBefore({status}: Resource<RepositorySpec>): readonly ConditionClaim[] {
  const {conditions = []} = (status ?? {}) as {readonly conditions?: readonly ConditionClaim[]};
  const before = conditions.find((condition) => condition.type === type);
  return before === undefined ? [] : [{type, status: before.status, reason: before.reason, message: before.message, aside: true}];
}

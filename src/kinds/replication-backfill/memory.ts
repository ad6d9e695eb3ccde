import type {KubeObject} from '../../schema/object.ts';
import type {ReplicationBackfillSpec, ReplicationBackfillStatus} from './schema.ts';

/**
 * What the status says of the run. ECR takes no token with a start, so a start is announced in the status before it is made:
 * with the latest backfill to the region until then. Whatever came after that one was started by us, also where the operator
 * died before it could write so.
 */
export type Memory =
  | {readonly is: 'new'}
  | {readonly is: 'announced'; readonly latestId?: string; readonly latestStartedAt?: string}
  | {readonly is: 'started'; readonly id: string}
  | {readonly is: 'ended'; readonly status: EndStatus}
  | {readonly is: 'suspended'};

const ends = ['COMPLETE', 'FAILED', 'STOPPED'] as const;
export type EndStatus = (typeof ends)[number];

export function endOf(status: string | undefined): EndStatus | undefined {
  return ends.find((end) => end === status);
}

/** Of an object as it was read, whose spec may have no defaults filled in. */
export function memoryOf(object: KubeObject): Memory {
  const {status, replicationBackfillId: id, suspendedAt, starting} = statusOf(object);
  const isSuspended = suspendOf(object);
  if (starting) {
    const {latestId, latestStartedAt} = starting;
    return {is: 'announced', ...(latestId !== undefined && {latestId}), ...(latestStartedAt !== undefined && {latestStartedAt})};
  }
  if (id === undefined) return {is: isSuspended ? 'suspended' : 'new'};
  const end = endOf(status);
  if (end === undefined) return {is: 'started', id};
  if (end !== 'STOPPED') return {is: 'ended', status: end};
  if (isSuspended) return {is: 'suspended'};
  return suspendedAt === undefined ? {is: 'ended', status: end} : {is: 'new'};
}

/** Whether a backfill may go on for the object. */
export function isUnderWay(object: KubeObject): boolean {
  const {is} = memoryOf(object);
  return is === 'announced' || is === 'started';
}

/** Whether nothing goes on for the object, and nothing is to be started: deleting it leaves nothing to stop. */
export function isOver(object: KubeObject): boolean {
  const {is} = memoryOf(object);
  return is === 'ended' || is === 'suspended';
}

/** The status as it was last written; empty before. */
export function statusOf({status}: KubeObject): ReplicationBackfillStatus {
  return status ?? {};
}

function suspendOf(object: KubeObject): boolean {
  return (object['spec'] as Partial<ReplicationBackfillSpec> | undefined)?.suspend === true;
}

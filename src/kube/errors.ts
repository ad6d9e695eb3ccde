import {Interruption} from '../kinds/outcome.ts';
import type {Outcome} from '../kinds/outcome.ts';
import {groupOf} from '../schema/resource-type.ts';
import type {ResourceType} from '../schema/resource-type.ts';

/** What was asked of the API server: enough to say it in words, and nothing that was sent. */
export interface Asked {
  /** The RBAC verb. */
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';
  readonly type: ResourceType;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
}

/** What came back, as far as it may be shown. */
export interface Answered {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** `reason` of the Kubernetes Status, or of the connection (`ConnectionFailed`, `Timeout`, `MalformedAnswer`). */
  readonly reason: string;
  readonly message: string;
  /** The message is this operator's own, said before anything was sent. */
  readonly unsent?: boolean;
  /** Seconds, from Retry-After. */
  readonly retryAfter?: number;
  readonly causes?: readonly Cause[];
  /** What the Status says that it is about: `namespaces` where a write failed because its namespace is gone. */
  readonly about?: {readonly kind?: string; readonly name?: string};
}

export interface Cause {
  readonly reason?: string;
  readonly field?: string;
}

/**
 * What the API server refused, or that it could not be reached. `outcome` says what becomes of the walk. No message
 * holds a header or a body that was sent; of a Secret not even what the server says about its values.
 */
export class KubeError extends Interruption {
  readonly status: number;
  readonly reason: string;
  readonly asked: Asked;
  readonly causes: readonly Cause[];
  readonly retryAfter: number | undefined;

  constructor(asked: Asked, answered: Answered) {
    super(outcomeFor(asked, answered));
    this.name = 'KubeError';
    this.status = answered.status;
    this.reason = answered.reason;
    this.asked = asked;
    this.causes = answered.causes ?? [];
    this.retryAfter = answered.retryAfter;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/** Another writer was faster: read again. Not what `create` gets where the object exists. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubeError && error.reason === 'AlreadyExists';
}

/** The resourceVersion or continue token is too old: list again. */
export function isGone(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

/** RBAC; not what an admission plugin or webhook refused. */
export function isForbidden(error: unknown): boolean {
  return error instanceof KubeError && error.outcome.reason === 'Forbidden';
}

/** A write failed because its namespace is being deleted or is gone. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof KubeError && error.outcome.reason === 'NamespaceTerminating';
}

/** No answer, too many requests, or an error of the server's own: asking again later may help. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof KubeError && error.outcome.reason === 'ApiServerUnavailable';
}

const conflictSeconds = 1;
const namespaceSeconds = 30;
const forbiddenSeconds = 300;

function outcomeFor(asked: Asked, answered: Answered): Outcome {
  const {status, reason} = answered;
  const message = `${words(asked)}: ${shown(asked, answered)}`;
  if (namespaceIsGoing(answered)) return {is: 'waiting', reason: 'NamespaceTerminating', message, seconds: namespaceSeconds};
  if (status === 0 || status === 429 || status >= 500) {
    const seconds = answered.retryAfter;
    return {is: 'failed', reason: 'ApiServerUnavailable', message, ...(seconds !== undefined && {seconds})};
  }
  if (status === 409) return {is: 'waiting', reason: reason === 'AlreadyExists' ? reason : 'Conflict', message, seconds: conflictSeconds};
  if (status === 404 && asked.name !== undefined) return {is: 'waiting', reason: 'NotFound', message, seconds: conflictSeconds};
  if (refusedByAdmission(answered)) return {is: 'stalled', reason: 'AdmissionDenied', message, seconds: forbiddenSeconds};
  if (status === 403) return {is: 'stalled', reason: 'Forbidden', message: missingAccess(asked, answered), seconds: forbiddenSeconds};
  if (status === 422) return {is: 'stalled', reason: 'InvalidObject', message};
  if (status === 400) return {is: 'stalled', reason: 'InvalidRequest', message};
  if (status === 413) return {is: 'stalled', reason: 'InvalidSize', message};
  return {is: 'failed', reason: failedReasons[status] ?? 'ApiServerRefused', message};
}

const failedReasons: Readonly<Record<number, string>> = {401: 'Unauthorized', 404: 'TypeNotServed', 410: 'Expired'};

function namespaceIsGoing({status, about, causes}: Answered): boolean {
  if (status === 403 && causes?.some((cause) => cause.reason === 'NamespaceTerminating')) return true;
  return status === 404 && about?.kind === 'namespaces';
}

/** 403 is also what quota, PodSecurity and webhooks answer; only RBAC names the verb and the resource in this form. */
function refusedByAdmission({status, message}: Answered): boolean {
  if (status === 403) return !rbac.test(message);
  return (status === 400 || status === 422) && message.includes('denied the request');
}

const rbac = /cannot (?<verb>[a-z]+) (?:resource|path) "(?<resource>[^"]+)"/;

/** The server's own words about the missing right first: applying an object that is not there needs `create` too. */
function missingAccess(asked: Asked, {message}: Answered): string {
  const found = rbac.exec(message)?.groups;
  const verb = found?.['verb'] ?? asked.verb;
  const resource = found?.['resource'] ?? resourceOf(asked);
  const where = asked.namespace === undefined ? '' : ` in namespace ${asked.namespace}`;
  const group = groupOf(asked.type);
  return (
    `the operator may not ${verb} ${resource}${where}: add apiGroups [${JSON.stringify(group)}], ` +
    `resources [${JSON.stringify(resource)}], verbs [${JSON.stringify(verb)}] to the ClusterRole of the chart`
  );
}

function resourceOf({type, subresource}: Asked): string {
  return subresource === undefined ? type.plural : `${type.plural}/${subresource}`;
}

function words(asked: Asked): string {
  const name = asked.namespace === undefined ? asked.name : `${asked.namespace}/${asked.name ?? ''}`;
  return name === undefined ? `${asked.verb} ${resourceOf(asked)}` : `${asked.verb} ${resourceOf(asked)} ${name}`;
}

const longest = 600;

/** A validation message quotes the value that it rejects; of a Secret or a token, only the fields are named. */
function shown(asked: Asked, {status, reason, message, causes, unsent}: Answered): string {
  const quotes = status >= 400 && status < 500 && unsent !== true;
  if (quotes && (asked.type.plural === 'secrets' || asked.subresource === 'token')) {
    const fields = causes?.flatMap((cause) => cause.field ?? []) ?? [];
    return fields.length === 0 ? `${status} ${reason}` : `${status} ${reason} (${fields.join(', ')})`;
  }
  return message.length <= longest ? message : `${message.slice(0, longest)}…`;
}

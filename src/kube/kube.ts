import type {KubeObject} from '../schema/object.ts';
import type {Secret} from '../schema/secret.ts';
import type {ResourceType} from '../schema/resource-type.ts';

/** The name that this operator's fields carry in `managedFields`. */
export const fieldManager = 'drayage';

/** One object of a type. */
export interface Ref {
  readonly type: ResourceType;
  readonly name: string;
  readonly namespace?: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  /** Objects a page. Default 500, as client-go's pager. */
  readonly limit?: number;
  readonly continue?: string;
  readonly signal?: AbortSignal;
}

export interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

/**
 * The API server. Every method throws KubeError (kube/errors.ts) for an answer of 400 and above or a connection that
 * failed; reads and idempotent writes are retried inside, with Retry-After. Every call has a time-out.
 */
export interface Kube {
  get(ref: Ref): Promise<KubeObject | undefined>;
  page(type: ResourceType, options?: ListOptions): Promise<Page>;
  /** All pages. */
  list(type: ResourceType, options?: ListOptions): Promise<Page>;
  create(type: ResourceType, object: KubeObject): Promise<KubeObject>;
  /** Server-side apply by `fieldManager`, with force. The object is created where it is missing. */
  apply(
    type: ResourceType,
    object: KubeObject,
    options?: {readonly subresource?: 'status'; readonly force?: boolean; readonly fieldManager?: string},
  ): Promise<KubeObject>;
  /** JSON merge patch; put `metadata.resourceVersion` into it where a lost update must fail with 409. */
  merge(ref: Ref, patch: Readonly<Record<string, unknown>>, options?: {readonly subresource?: 'status'}): Promise<KubeObject>;
  /** False where it was already gone. */
  delete(
    ref: Ref,
    options?: {readonly uid?: string; readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'},
  ): Promise<boolean>;
  /** A new token of a ServiceAccount for one audience (TokenRequest), which lives for an hour or as long as the API server likes. */
  serviceAccountToken(account: {readonly namespace: string; readonly name: string}, audience: string): Promise<Secret>;
  /** One watch request, until the server ends it, it breaks (KubeError) or `signal` aborts. Asks for bookmarks. */
  watch(
    type: ResourceType,
    options: ListOptions & {readonly timeoutSeconds: number; readonly signal: AbortSignal},
  ): AsyncIterable<WatchEvent>;
}

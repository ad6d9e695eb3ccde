import type {TokenSeen} from './tokens.ts';

/** A request to the registry (`/v2/…`) that the gateway saw. */
export interface RecordedPull {
  /** ISO 8601, when it came in and its token was looked at. */
  readonly time: string;
  readonly method: string;
  readonly kind: 'version' | 'manifests' | 'blobs' | 'tags' | 'referrers' | 'other';
  /** Where the path names one. */
  readonly repositoryName?: string;
  /** HTTP status. */
  readonly status: number;
  /** What the request showed; `none` is asked for with 401, which is how every client begins, and no refusal. */
  readonly token: TokenSeen['state'] | 'none';
  /** The `fingerprint` of the password, where there was one. */
  readonly fingerprint?: string;
}

/** What a path of the registry asks for. */
export function pathOf(path: string): Pick<RecordedPull, 'kind' | 'repositoryName'> & {readonly reference?: string} {
  const {pathname} = new URL(path, 'http://registry');
  if (/^\/v2\/?$/.test(pathname)) return {kind: 'version'};
  const [, repositoryName = '', kind, reference = ''] = /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
  return kind === undefined ? {kind: 'other'} : {kind: kind as RecordedPull['kind'], repositoryName, reference};
}

/*
 * ServiceAccount.imagePullSecrets is an atomic list (`+listType=atomic`, k8s.io/api core/v1 types.go of v0.36): server-side
 * apply cannot own one entry of it, and with force would drop every entry of others. So the list is read, changed by our one
 * entry, and written as a whole with the resourceVersion that was read. Which entries are ours stands in an annotation,
 * because an entry that a user wrote must stay when we go.
 */

/** On ServiceAccounts: which entries of imagePullSecrets are ours, as `clusterpullsecret=secret`, separated by commas. */
export const attachedAnnotation = 'ecr.drayage.dev/pull-secrets';

export interface SecretName {
  readonly name: string;
}

/** What is read and written of a ServiceAccount. */
export interface Attachments {
  readonly imagePullSecrets: readonly SecretName[];
  readonly annotation?: string | undefined;
}

/** The secret that this owner attached; undefined where it attached none. */
export function attachedBy(owner: string, annotation: string | undefined): string | undefined {
  return annotation === undefined ? undefined : parse(annotation).get(owner);
}

/** With our entry, in place of the one that we attached before. An entry of that name that others wrote stays theirs. */
export function attach(seen: Attachments, owner: string, secretName: string): Attachments {
  const claims = parse(seen.annotation);
  const was = claims.get(owner);
  claims.delete(owner);
  const kept = was === secretName ? seen.imagePullSecrets : without(seen.imagePullSecrets, was, claims);
  const isThere = kept.some(({name}) => name === secretName);
  const isClaimed = was === secretName || [...claims.values()].includes(secretName);
  if (!isThere || isClaimed) claims.set(owner, secretName);
  return {imagePullSecrets: isThere ? kept : [...kept, {name: secretName}], annotation: format(claims)};
}

/** Without our entry. */
export function detach(seen: Attachments, owner: string): Attachments {
  const claims = parse(seen.annotation);
  const was = claims.get(owner);
  claims.delete(owner);
  return {imagePullSecrets: without(seen.imagePullSecrets, was, claims), annotation: format(claims)};
}

function without(list: readonly SecretName[], secretName: string | undefined, claims: ReadonlyMap<string, string>): readonly SecretName[] {
  if (secretName === undefined || [...claims.values()].includes(secretName)) return list;
  return list.filter(({name}) => name !== secretName);
}

// Both are DNS subdomains, so neither holds a comma or an equals sign.
function parse(annotation: string | undefined): Map<string, string> {
  const pairs = (annotation ?? '').split(',').map((pair) => pair.split('=', 2));
  return new Map(pairs.flatMap(([owner, secret]) => (owner && secret ? [[owner, secret] as const] : [])));
}

function format(claims: ReadonlyMap<string, string>): string | undefined {
  if (claims.size === 0) return undefined;
  return [...claims]
    .map(([owner, secret]) => `${owner}=${secret}`)
    .toSorted()
    .join(',');
}

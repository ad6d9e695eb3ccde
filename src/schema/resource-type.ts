/** How the API server calls a sort of object: enough to build its paths. */
export interface ResourceType {
  /** `v1`, or `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The lower-case plural that stands in paths and in RBAC rules. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The API group of a type; empty for the core group. */
export function groupOf(type: ResourceType): string {
  const slash = type.apiVersion.indexOf('/');
  return slash < 0 ? '' : type.apiVersion.slice(0, slash);
}

/** A registry that ECR can cache. */
export interface Upstream {
  /** The host that ECR asks; absent where each customer has one of his own. */
  readonly url?: string;
  /** What it asks for: nothing, a secret in Secrets Manager, or (another ECR registry) a role. */
  readonly credentials: 'none' | 'secret' | 'role';
  /** Names by which `docker login` files know it, beside the URL. */
  readonly loginHosts?: readonly string[];
}

/** As AWS's guide to pull-through caches has them, by the names of the API. */
export const upstreams = {
  'azure-container-registry': {credentials: 'secret'},
  chainguard: {url: 'cgr.dev', credentials: 'secret'},
  'docker-hub': {
    url: 'registry-1.docker.io',
    credentials: 'secret',
    loginHosts: ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'],
  },
  ecr: {credentials: 'role'},
  'ecr-public': {url: 'public.ecr.aws', credentials: 'none'},
  'github-container-registry': {url: 'ghcr.io', credentials: 'secret'},
  'gitlab-container-registry': {url: 'registry.gitlab.com', credentials: 'secret'},
  k8s: {url: 'registry.k8s.io', credentials: 'none'},
  quay: {url: 'quay.io', credentials: 'none'},
} as const satisfies Readonly<Record<string, Upstream>>;

export type UpstreamName = keyof typeof upstreams;

export function upstreamOf(name: UpstreamName): Upstream {
  return upstreams[name];
}

export const upstreamNames = Object.keys(upstreams) as [UpstreamName, ...UpstreamName[]];

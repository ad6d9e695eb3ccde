/** The host of images that name none. */
export const dockerHub = 'docker.io';

/** How a Docker configuration calls a registry: Docker Hub goes by the address of its first API. */
export function dockerConfigHost(host: string): string {
  return host === dockerHub || host === 'index.docker.io' ? 'https://index.docker.io/v1/' : host;
}

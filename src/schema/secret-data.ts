import type {KubeObject} from './object.ts';

/** A value of a Kubernetes Secret as text; undefined where the key is absent. */
export function textIn(secret: KubeObject, key: string): string | undefined {
  const {[key]: value} = (secret['data'] ?? {}) as Readonly<Record<string, string>>;
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
}

/** An entry of a `.dockerconfigjson`. */
export interface DockerAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
}

/** The entries of a `.dockerconfigjson`, by host; undefined where it is not JSON, or has none. */
export function dockerAuthsIn(config: string): Readonly<Record<string, DockerAuth>> | undefined {
  try {
    const {auths} = JSON.parse(config) as {readonly auths?: unknown};
    return typeof auths === 'object' && auths !== null ? (auths as Record<string, DockerAuth>) : undefined;
  } catch {
    return undefined;
  }
}

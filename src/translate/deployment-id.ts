import type {KubeObject} from '../schema/object.ts';
import {canonical, fingerprint} from './fingerprint.ts';

/**
 * The same for as long as a workload has the same pods, whatever their number: what ECS looks up once for each deployment
 * (digests of images), or when a task starts (secrets), is looked up once for each of these.
 */
export function deploymentIdOf(workload: KubeObject): string {
  const {template} = (workload['spec'] ?? {}) as {template?: unknown};
  return fingerprint(canonical(template ?? null));
}

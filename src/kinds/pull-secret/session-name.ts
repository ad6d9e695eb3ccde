import {hash} from 'node:crypto';

/**
 * What CloudTrail shows for the session of a ServiceAccount: `<name>.<namespace>.drayage`, as Flux names its own; in the
 * characters and the length (64) that STS takes.
 */
export function sessionNameOf(namespace: string, name: string): string {
  const whole = `${name}.${namespace}.drayage`;
  return whole.length <= 64 ? whole : `${whole.slice(0, 47)}.${hash('sha256', whole).slice(0, 8)}.drayage`;
}

import type {HealthCheck} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import type {Place} from './order.ts';

interface Probe {
  readonly exec: {readonly command: readonly string[]};
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export type Probes = Partial<Readonly<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>>>;

/**
 * A health check as probes: failures within `startPeriod` do not count, then `retries` in a row make the container
 * unhealthy. Commands of probes are not expanded by Kubernetes, so their `$` stay as they are.
 * Defaults are ECS's: interval 30 s, timeout 5 s, 3 retries, no startPeriod.
 */
export function probesOf(check: HealthCheck, place: Place, path: string, report: Report): Probes {
  const {interval = 30, timeout = 5, retries = 3, startPeriod = 0} = check;
  const command = probeCommand(check.command);
  if (command === undefined) {
    const message = 'It must begin with CMD (followed by the program) or CMD-SHELL (followed by one line for the shell).';
    report({path: at(path, 'command'), level: 'refused', reason: 'InvalidHealthCheck', message});
    return {};
  }
  if (place === 'init') {
    const message = 'The container runs to its end before the others start; its health is not looked at.';
    report({path, level: 'ignored', reason: 'HealthOfInitIgnored', message});
    return {};
  }
  const message = 'A container that fails it is started again in its pod; ECS replaces the whole task.';
  report({path, level: 'approximated', reason: 'UnhealthyInPlaceRestart', message});
  const probe = {exec: {command}, periodSeconds: interval, timeoutSeconds: timeout, failureThreshold: retries};
  const startupProbe = {...probe, failureThreshold: Math.ceil(startPeriod / interval) + retries};
  // A sidecar's readiness would be the pod's; in ECS the health of a container that is not essential is not the task's.
  return {startupProbe, livenessProbe: probe, ...(place === 'main' ? {readinessProbe: probe} : {})};
}

function probeCommand(command: readonly string[]): readonly string[] | undefined {
  const [form, ...rest] = command;
  if (rest.length === 0) return undefined;
  if (form === 'CMD') return rest;
  return form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...rest] : undefined;
}

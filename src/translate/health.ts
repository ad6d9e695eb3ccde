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

/** What is done with a container's health, besides showing it. */
export interface Watched {
  readonly path: string;
  readonly place: Place;
  readonly os: 'linux' | 'windows';
  /** Whether another container starts only once this one is healthy. */
  readonly isAwaited: boolean;
  /** Whether the task is unhealthy when the container is: a service then replaces it. */
  readonly isTasks: boolean;
  /** Seconds that the others wait for it, where that is limited. */
  readonly startTimeout?: number;
}

/**
 * A health check as probes: failures within `startPeriod` do not count, then `retries` in a row make the container
 * unhealthy. Commands of probes are not expanded by Kubernetes, so their `$` stay as they are.
 * Defaults are ECS's: interval 30 s, timeout 5 s, 3 retries, no startPeriod.
 */
export function probesOf(check: HealthCheck, watched: Watched, report: Report): Probes {
  const {path, place, os, isAwaited, isTasks, startTimeout} = watched;
  const {interval = 30, timeout = 5, retries = 3, startPeriod = 0} = check;
  const command = probeCommand(check.command, os);
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
  const probe = {exec: {command}, periodSeconds: interval, timeoutSeconds: timeout, failureThreshold: retries};
  const budget = startTimeout === undefined ? Math.ceil(startPeriod / interval) + retries : Math.ceil(startTimeout / interval);
  const startupProbe = {...probe, failureThreshold: Math.max(1, budget)};
  if (isTasks) {
    const message = 'A container that fails it is killed, and then goes on like one that has exited; ECS replaces the whole task at once.';
    report({path, level: 'approximated', reason: 'UnhealthyInPlaceRestart', message});
    return {startupProbe, livenessProbe: probe, readinessProbe: probe};
  }
  if (isAwaited) {
    const message =
      'The others wait until it is healthy, and it is started again if it does not become so; later on its health is not looked at.';
    report({path, level: 'approximated', reason: 'HealthOnlyAwaited', message});
    return {startupProbe};
  }
  report({
    path,
    level: 'ignored',
    reason: 'HealthNotActedOn',
    message: 'ECS only shows this health and does nothing about it; it is not looked at.',
  });
  return {};
}

function probeCommand(command: readonly string[], os: 'linux' | 'windows'): readonly string[] | undefined {
  const [form, ...rest] = command;
  if (rest.length === 0) return undefined;
  if (form === 'CMD') return rest;
  if (form !== 'CMD-SHELL') return undefined;
  return os === 'windows' ? ['cmd', '/S', '/C', ...rest] : ['/bin/sh', '-c', ...rest];
}

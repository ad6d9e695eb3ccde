import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Place} from './order.ts';
import {isEssential} from './rules.ts';

interface Rule {
  readonly action: 'Restart' | 'RestartAllContainers';
  readonly exitCodes: {readonly operator: 'In' | 'NotIn'; readonly values: readonly number[]};
}

/** What a container of a pod says of its own restarts. */
export interface Restart {
  readonly restartPolicy?: 'Always' | 'Never';
  readonly restartPolicyRules?: readonly Rule[];
}

/** A container's `restartPolicy`, and in a service what its being essential asks for. */
export function restartOf(
  container: ContainerDefinition,
  task: TaskDefinition,
  {path, place}: {readonly path: string; readonly place: Place},
  {form, cluster, report}: Context,
): Restart {
  const {enabled = false, ignoredExitCodes = [], restartAttemptPeriod} = container.restartPolicy ?? {};
  const where = at(path, 'restartPolicy');
  if (restartAttemptPeriod !== undefined) {
    const message = 'Kubernetes waits longer from restart to restart instead, up to 5 minutes.';
    report({path: at(where, 'restartAttemptPeriod'), level: 'ignored', reason: 'RestartAttemptPeriodIgnored', message});
  }
  const ignored = enabled ? [...ignoredExitCodes] : [];
  if (ignoredExitCodes.length > 0 && !enabled) {
    const message = 'The container is not started again at all, as enabled is false.';
    report({path: at(where, 'ignoredExitCodes'), level: 'ignored', reason: 'IgnoredExitCodesIgnored', message});
  }
  const always: Restart = place === 'sidecar' ? {restartPolicy: 'Always'} : {};
  if (form === 'task' && place === 'main' && enabled) return restartedInTask(ignored);
  const isAlone = task.containerDefinitions.length === 1;
  if (form === 'service' && isEssential(container) && cluster.essentialContainers === 'RestartAll' && !isAlone) {
    if (!enabled) {
      // Never, so that one that is killed for its health does not start again before the rules are looked at.
      return {restartPolicy: place === 'sidecar' ? 'Always' : 'Never', restartPolicyRules: rulesFor('RestartAllContainers')};
    }
    if (ignored.length > 0) {
      const rule: Rule = {action: 'RestartAllContainers', exitCodes: {operator: 'In', values: ignored}};
      return {restartPolicy: 'Always', restartPolicyRules: [rule]};
    }
  }
  if (ignored.length > 0) {
    const message = 'The container is started again whatever its exit code is.';
    report({path: at(where, 'ignoredExitCodes'), level: 'ignored', reason: 'IgnoredExitCodesIgnored', message});
  }
  return always;
}

// The pod itself restarts nothing. Kubernetes 1.34 drops both fields.
function restartedInTask(ignored: readonly number[]): Restart {
  if (ignored.length === 0) return {restartPolicy: 'Always'};
  return {restartPolicy: 'Never', restartPolicyRules: [{action: 'Restart', exitCodes: {operator: 'NotIn', values: ignored}}]};
}

/** Rules for every exit code there is: an operator needs a value. */
function rulesFor(action: Rule['action']): readonly Rule[] {
  return [
    {action, exitCodes: {operator: 'NotIn', values: [0]}},
    {action, exitCodes: {operator: 'In', values: [0]}},
  ];
}

import type {ServiceInput} from './ecs.ts';
import type {Report} from './note.ts';

export interface Surge {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * ECS's percentages as whole pods, rounded as ECS does: the healthy minimum up, the maximum down (Kubernetes rounds its own
 * percentages the other way). Defaults are ECS's: 100 and 200. Undefined where neither a pod more nor one less is allowed.
 */
export function surgeOf(desired: number, minimumHealthyPercent = 100, maximumPercent = 200): Surge | undefined {
  if (desired === 0) return {maxSurge: 1, maxUnavailable: 0};
  const maxSurge = Math.max(0, Math.floor((desired * maximumPercent) / 100) - desired);
  const maxUnavailable = Math.max(0, desired - Math.ceil((desired * minimumHealthyPercent) / 100));
  return maxSurge === 0 && maxUnavailable === 0 ? undefined : {maxSurge, maxUnavailable};
}

/** ECS's `desiredCount` has no default; with none written this is one. */
export function desiredCountOf(service: ServiceInput): number {
  return service.desiredCount ?? 1;
}

/** What a service says about how it is deployed, as the part of a Deployment's spec that it is. */
export function rolloutOf(service: ServiceInput, report: Report): Readonly<Record<string, unknown>> {
  const refuse = (path: string, reason: string, message: string): void => report({path, level: 'refused', reason, message});
  if (service.schedulingStrategy === 'DAEMON') {
    refuse('service.schedulingStrategy', 'DaemonNotCarried', 'Only REPLICA is carried so far; use it with a desiredCount.');
  }
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    const message = `${controller} would deploy this service from outside; use the deployment controller ECS.`;
    refuse('service.deploymentController.type', 'DeploymentControllerUnsupported', message);
  }
  const {minimumHealthyPercent, maximumPercent, strategy = 'ROLLING'} = service.deploymentConfiguration ?? {};
  if (strategy !== 'ROLLING') {
    const message = `${strategy} is not carried yet: new pods replace old ones step by step.`;
    report({path: 'service.deploymentConfiguration.strategy', level: 'approximated', reason: 'StrategyRolling', message});
  }
  const replicas = desiredCountOf(service);
  const surge = surgeOf(replicas, minimumHealthyPercent, maximumPercent);
  if (surge === undefined) {
    const message = `With a desiredCount of ${replicas} no pod may be added and none stopped; raise maximumPercent or lower minimumHealthyPercent.`;
    refuse('service.deploymentConfiguration', 'DeploymentCannotProgress', message);
  }
  return {replicas, strategy: {type: 'RollingUpdate', rollingUpdate: surge}};
}

import type {ServiceInput} from './ecs.ts';
import type {Report} from './note.ts';

export interface Surge {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** What replaces tasks without ever having too few of them. */
const oneMore: Surge = {maxSurge: 1, maxUnavailable: 0};

/**
 * ECS's percentages as whole pods, rounded as ECS does: the healthy minimum up, the maximum down (Kubernetes rounds its own
 * percentages the other way). Defaults are ECS's: 100 and 200. Undefined where neither a pod more nor one less is allowed: then a
 * deployment of ECS goes on only when tasks end by themselves, which Kubernetes does not take.
 */
export function surgeOf(desired: number, minimumHealthyPercent = 100, maximumPercent = 200): Surge | undefined {
  if (desired === 0) return oneMore;
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
  const {minimumHealthyPercent, maximumPercent} = service.deploymentConfiguration ?? {};
  const replicas = desiredCountOf(service);
  const surge = surgeOf(replicas, minimumHealthyPercent, maximumPercent);
  if (surge === undefined) {
    const message = `With a desiredCount of ${replicas} no task may be added and none stopped, so that ECS would not replace them; here one more is started before one is stopped. Raise maximumPercent or lower minimumHealthyPercent.`;
    report({path: 'service.deploymentConfiguration', level: 'approximated', reason: 'DeploymentNeedsRoom', message});
  }
  return {replicas, strategy: {type: 'RollingUpdate', rollingUpdate: surge ?? oneMore}};
}

/** Only ECS itself deploys: CODE_DEPLOY and EXTERNAL would from outside. */
export function checkController(service: ServiceInput, report: Report): void {
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller === 'ECS') return;
  const message = `${controller} would deploy this service from outside; use the deployment controller ECS.`;
  report({path: 'service.deploymentController.type', level: 'refused', reason: 'DeploymentControllerUnsupported', message});
}

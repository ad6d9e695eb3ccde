import type {ServiceInput} from './ecs.ts';
import type {Report} from './note.ts';

/**
 * How a DAEMON service is deployed, as the part of a DaemonSet's spec that it is. ECS's default keeps no task running while it
 * replaces one (`minimumHealthyPercent` 0), and never runs two on one node.
 */
export function daemonRolloutOf(service: ServiceInput, report: Report): Readonly<Record<string, unknown>> {
  const {minimumHealthyPercent = 0, maximumPercent = 100, strategy = 'ROLLING'} = service.deploymentConfiguration ?? {};
  const refuse = (path: string, reason: string, message: string): void => report({path, level: 'refused', reason, message});
  if (strategy !== 'ROLLING') {
    const message = `${strategy} would run two tasks on a node; a DAEMON service is deployed ROLLING, so write that.`;
    refuse('service.deploymentConfiguration.strategy', 'DaemonStrategyUnsupported', message);
  }
  if (service.launchType === 'FARGATE') {
    refuse('service.launchType', 'DaemonUnsupportedOnFargate', 'Fargate has no nodes to run one task on each of; use EC2.');
  }
  reportCounts(service, report);
  if (minimumHealthyPercent >= 100 && maximumPercent <= 100) {
    const message =
      'No task may be stopped and none added on a node that has one, so that ECS would not replace them; here the next task of a node is started before one is stopped. Lower minimumHealthyPercent.';
    report({path: 'service.deploymentConfiguration', level: 'approximated', reason: 'DeploymentNeedsRoom', message});
  }
  if (minimumHealthyPercent > 0 && minimumHealthyPercent < 100) {
    const message = 'How many nodes may be without their task is rounded up; ECS rounds the healthy minimum up, and so this number down.';
    report({
      path: 'service.deploymentConfiguration.minimumHealthyPercent',
      level: 'approximated',
      reason: 'DaemonPercentRounded',
      message,
    });
  }
  // Kubernetes takes one of both only.
  const rollingUpdate =
    minimumHealthyPercent >= 100
      ? {maxSurge: maximumPercent <= 100 ? 1 : `${Math.min(100, maximumPercent - 100)}%`, maxUnavailable: 0}
      : {maxUnavailable: `${100 - minimumHealthyPercent}%`, maxSurge: 0};
  return {updateStrategy: {type: 'RollingUpdate', rollingUpdate}};
}

function reportCounts(
  {desiredCount, deploymentConfiguration: {minimumHealthyPercent = 0, maximumPercent} = {}}: ServiceInput,
  report: Report,
): void {
  if (desiredCount !== undefined && desiredCount !== 1) {
    const message = 'A DAEMON service has one task on each node that fits.';
    report({path: 'service.desiredCount', level: 'ignored', reason: 'DaemonCountIgnored', message});
  }
  if (maximumPercent !== undefined && maximumPercent > 100 && minimumHealthyPercent < 100) {
    const message = 'While a task may be stopped before the next one starts, there are never two on a node.';
    report({path: 'service.deploymentConfiguration.maximumPercent', level: 'ignored', reason: 'DaemonMaximumIgnored', message});
  }
}

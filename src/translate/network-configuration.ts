import {besideMetadata, besideName, podSelector} from './beside.ts';
import type {Context} from './context.ts';
import type {TaskDefinition} from './ecs.ts';
import type {NetworkConfiguration} from './ecs-service-networking.ts';
import {at} from './field-path.ts';
import {networkModeOf} from './network-mode.ts';

/**
 * Security groups and public addresses of a service or a task that is run, for networkMode awsvpc. Subnets are those of the
 * nodes: what is not read here ends as a leftover.
 */
export function addNetworkConfiguration(
  config: NetworkConfiguration | undefined,
  path: string,
  task: TaskDefinition,
  context: Context,
): void {
  const {awsvpcConfiguration} = config ?? {};
  if (awsvpcConfiguration === undefined || networkModeOf(task) !== 'awsvpc') return;
  if (awsvpcConfiguration.assignPublicIp === 'ENABLED') {
    const message = 'A pod has no public address. It reaches the internet as its node does, by NAT.';
    const where = at(path, 'awsvpcConfiguration', 'assignPublicIp');
    context.report({path: where, level: 'ignored', reason: 'PublicIpUnavailable', message});
  }
  if (hasOwnSecurityGroups(config, context)) {
    context.add({
      apiVersion: 'vpcresources.k8s.aws/v1beta1',
      kind: 'SecurityGroupPolicy',
      metadata: besideMetadata(besideName(context, 'security-groups'), context),
      spec: {
        podSelector: {matchLabels: podSelector(context)},
        securityGroups: {groupIds: [...(awsvpcConfiguration.securityGroups ?? [])]},
      },
    });
  }
}

/** Whether the pods get the security groups that are asked for, as in ECS. */
export function hasOwnSecurityGroups(config: NetworkConfiguration | undefined, {cluster}: Context): boolean {
  const groups = config?.awsvpcConfiguration?.securityGroups ?? [];
  return groups.length > 0 && cluster.securityGroups?.provider === 'SecurityGroupPolicy';
}

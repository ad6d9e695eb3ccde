import {besideMetadata, besideName} from './beside.ts';
import type {Context} from './context.ts';
import {serviceName, type WantedService} from './core-service.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import type {LoadBalancer} from './ecs-service-networking.ts';
import {at} from './field-path.ts';
import {fingerprint} from './fingerprint.ts';
import {hasOwnSecurityGroups} from './network-configuration.ts';
import {networkModeOf} from './network-mode.ts';
import {placeholderIn} from './placeholder.ts';
import {findPort} from './service-port.ts';
import type {TaskPort} from './task-ports.ts';

const list = 'service.loadBalancers';

/** A Service in front of the pods for load balancers, with the ports that they use. */
export function loadBalancersOf(task: TaskDefinition, service: ServiceInput, context: Context): readonly WantedService[] {
  return (service.loadBalancers ?? []).flatMap((balancer, index): readonly WantedService[] => {
    const path = at(list, index);
    const found = portOf(balancer, path, task, context);
    if (found === undefined) return [];
    const {port, protocol} = found;
    reportTargets(balancer, path, {task, service}, context);
    return [{name: nameOf(context), gives: 'one', ports: [{port, target: port, protocol, path: at(path, 'containerPort')}]}];
  });
}

/**
 * A TargetGroupBinding for each target group, where the Cluster has its controller. The target group of a binding can never be
 * changed, so its name follows from it.
 */
export function addTargetGroupBindings({loadBalancers = []}: ServiceInput, context: Context): void {
  if (!isBound(context)) return;
  for (const [index, {targetGroupArn: arn, containerPort: port}] of loadBalancers.entries()) {
    if (arn === undefined || port === undefined) continue;
    const placeholder = placeholderIn(arn);
    if (placeholder !== undefined || !/^arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:targetgroup\/[^/]+\/[^/]+$/.test(arn)) {
      const message =
        placeholder === undefined
          ? 'It must be the ARN of a target group.'
          : `${placeholder} has not been filled in; put the ARN of a target group there.`;
      context.report({path: at(list, index, 'targetGroupArn'), level: 'refused', reason: 'InvalidTargetGroup', message});
      continue;
    }
    if (loadBalancers.findIndex((one) => one.targetGroupArn === arn && one.containerPort === port) < index) {
      const message = 'The target group has this port already; remove one of the two.';
      context.report({path: at(list, index), level: 'refused', reason: 'DuplicateTargetGroup', message});
      continue;
    }
    context.add({
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'TargetGroupBinding',
      metadata: besideMetadata(besideName(context, fingerprint(`${arn} ${port}`)), context),
      spec: {serviceRef: {name: nameOf(context), port}, targetGroupARN: arn, targetType: 'ip'},
    });
  }
}

function isBound({cluster}: Context): boolean {
  return cluster.loadBalancers?.provider === 'TargetGroupBinding';
}

function nameOf(context: Context): string {
  return serviceName(besideName(context, 'lb'));
}

function portOf(
  balancer: LoadBalancer,
  path: string,
  task: TaskDefinition,
  {report}: Context,
): {port: number; protocol: TaskPort['protocol']} | undefined {
  const {containerName, containerPort, targetGroupArn, loadBalancerName} = balancer;
  const refuse = (message: string): undefined => {
    report({path, level: 'refused', reason: 'InvalidLoadBalancer', message});
  };
  if (containerName === undefined || containerPort === undefined) return refuse('It needs containerName and containerPort.');
  if (targetGroupArn === undefined && loadBalancerName === undefined) return refuse('It needs a targetGroupArn.');
  if (targetGroupArn !== undefined && loadBalancerName !== undefined) return refuse('Write either targetGroupArn or loadBalancerName.');
  const found = findPort(task, {containerName, containerPort}, path, report);
  return found === undefined ? undefined : {port: containerPort, protocol: found.protocol};
}

interface Asked {
  readonly task: TaskDefinition;
  readonly service: ServiceInput;
}

function reportTargets(balancer: LoadBalancer, path: string, {task, service}: Asked, context: Context): void {
  const note = (field: string, level: 'ignored' | 'approximated', reason: string, message: string): void =>
    context.report({path: at(path, field), level, reason, message});
  const name = nameOf(context);
  const mode = networkModeOf(task);
  if (balancer.loadBalancerName !== undefined) {
    const message = `A Classic Load Balancer takes instances and no pods: make a target group of type ip and name it in targetGroupArn, or point an Ingress at the Service ${name}.`;
    note('loadBalancerName', 'ignored', 'ClassicLoadBalancerIgnored', message);
  } else if (!isBound(context)) {
    const message = `No pod is registered in it. Install the AWS Load Balancer Controller and say so in the Cluster (loadBalancers.provider: TargetGroupBinding), or point an Ingress at the Service ${name}.`;
    note('targetGroupArn', 'ignored', 'TargetGroupNotBound', message);
  } else if (mode === 'bridge') {
    const message =
      'Pods are registered with their addresses, and with networkMode bridge the target group is probably one of instances: make one of type ip, and let the load balancer reach the pods.';
    note('targetGroupArn', 'approximated', 'TargetGroupTypeInstance', message);
  } else if (!hasOwnSecurityGroups(service.networkConfiguration, context)) {
    const message = "The load balancer connects to the pods' addresses: the security groups of the nodes must let it in.";
    note('targetGroupArn', 'approximated', 'TargetGroupNetworkingIsYours', message);
  }
}

import type {Context} from './context.ts';
import {addServices, serviceName, type WantedService} from './core-service.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {addTargetGroupBindings, loadBalancersOf} from './load-balancers.ts';
import {addNetworkConfiguration} from './network-configuration.ts';
import {networkModeOf} from './network-mode.ts';
import {serviceConnectOf} from './service-connect.ts';
import {registriesOf} from './service-registries.ts';
import {taskPorts} from './task-ports.ts';

/**
 * How a service is reached. A core Service is made only where something asks for one: ECS gives no name to a service without
 * discovery, a load balancer or ports of its hosts.
 */
export function exposeService(task: TaskDefinition, service: ServiceInput, context: Context): void {
  const wanted = [
    ...hostPortsOf(task, service, context),
    ...registriesOf(task, service, context),
    ...serviceConnectOf(task, service, context),
    ...loadBalancersOf(task, service, context),
  ];
  addServices(wanted, context);
  addTargetGroupBindings(service, context);
  addNetworkConfiguration(service.networkConfiguration, 'service.networkConfiguration', task, context);
}

/** In bridge mode a task is reached at fixed ports of its host: here at the same ports of a Service that is called as the service. */
function hostPortsOf(task: TaskDefinition, {schedulingStrategy}: ServiceInput, {cluster, settings}: Context): readonly WantedService[] {
  if (networkModeOf(task) !== 'bridge' || cluster.hostPorts === 'Node') return [];
  // The daemon of a host is reached at that host.
  const isLocal = schedulingStrategy === 'DAEMON';
  const ports = taskPorts(task).flatMap(({first, last, protocol, mapping, path}) => {
    const {hostPort = 0} = mapping;
    return hostPort === 0 || first !== last ? [] : [{port: hostPort, target: first, protocol, path: at(path, 'hostPort')}];
  });
  return ports.length === 0 ? [] : [{name: serviceName(settings.name), gives: 'one', isLocal, ports}];
}

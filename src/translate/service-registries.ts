import type {Context} from './context.ts';
import {serviceName, type ServicePort, type WantedService} from './core-service.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import type {ServiceRegistry} from './ecs-service-networking.ts';
import {at} from './field-path.ts';
import {networkModeOf} from './network-mode.ts';
import {findPort} from './service-port.ts';
import {taskPorts} from './task-ports.ts';

const list = 'service.serviceRegistries';

/** Service discovery: a headless Service, whose name gives the addresses of the pods that are ready, as Cloud Map's does. */
export function registriesOf(task: TaskDefinition, service: ServiceInput, context: Context): readonly WantedService[] {
  const registries = service.serviceRegistries ?? [];
  if (registries.length > 1) {
    const message = 'A service can be in one registry only; remove the others.';
    context.report({path: list, level: 'refused', reason: 'TooManyRegistries', message});
  }
  return registries.map((registry, index) => {
    const path = at(list, index);
    return {name: nameOf(registry, path, context), gives: 'addresses', ports: portsOf(registry, path, task, context)};
  });
}

/** The ARN has an id only. The Cluster may say what is called so; else clients find the service under its own name. */
function nameOf({registryArn = ''}: ServiceRegistry, path: string, context: Context): string {
  const {cluster, settings, report} = context;
  const id = registryArn.split('/').at(-1) ?? '';
  const names = cluster.serviceDiscovery?.names ?? {};
  const known = Object.hasOwn(names, registryArn) ? names[registryArn] : Object.hasOwn(names, id) ? names[id] : undefined;
  const name = serviceName(known ?? settings.name);
  const where = settings.namespace === undefined ? 'their namespace' : `the namespace ${settings.namespace}`;
  const how =
    known === undefined ? `; if clients use another name, write it into the Cluster (serviceDiscovery.names, ${id.slice(0, 100)})` : '';
  const message = `In ${where} the pods are found as ${name}, a headless Service. Cloud Map does not hear of them${how}.`;
  report({path: at(path, 'registryArn'), level: 'approximated', reason: 'CloudMapNotRegistered', message});
  return name;
}

function portsOf(registry: ServiceRegistry, path: string, task: TaskDefinition, context: Context): readonly ServicePort[] {
  const {port, containerName, containerPort} = registry;
  const refuse = (message: string): readonly ServicePort[] => {
    context.report({path, level: 'refused', reason: 'InvalidRegistryPort', message});
    return [];
  };
  if (port !== undefined && containerName !== undefined) return refuse('Write either port, or containerName and containerPort.');
  if ((containerName === undefined) !== (containerPort === undefined))
    return refuse('containerName and containerPort belong together; give both or neither.');
  if (containerName !== undefined && containerPort !== undefined) {
    const found = findPort(task, {containerName, containerPort}, path, context.report);
    return found === undefined
      ? []
      : [{port: containerPort, target: containerPort, protocol: found.protocol, path: at(path, 'containerPort')}];
  }
  const mode = networkModeOf(task);
  if (mode !== 'awsvpc') return refuse(`With networkMode ${mode} it needs containerName and containerPort.`);
  if (port !== undefined) return [{port, target: port, protocol: 'TCP', path: at(path, 'port')}];
  // An A record names no port. Clients may use every one; these are for those who look them up.
  return taskPorts(task)
    .filter(({first, last}) => first === last)
    .map(({first, protocol}) => ({port: first, target: first, protocol, path}));
}

import type {Context} from './context.ts';
import {isServiceName, serviceName, type WantedService} from './core-service.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import type {ServiceConnectService} from './ecs-service-networking.ts';
import {at} from './field-path.ts';
import {acknowledge} from './recorder.ts';
import {taskPorts} from './task-ports.ts';

const root = 'service.serviceConnectConfiguration';

/**
 * Service Connect: a Service for each name that clients use, on the port that they use. ECS puts the names into the tasks of
 * a Cloud Map namespace; here they are known in the Kubernetes namespace. There is no proxy.
 */
export function serviceConnectOf(task: TaskDefinition, service: ServiceInput, context: Context): readonly WantedService[] {
  const config = service.serviceConnectConfiguration;
  if (config === undefined) return [];
  const {enabled, namespace, services = []} = config;
  if (!enabled) {
    reportDisabled(config, context);
    return [];
  }
  const message =
    'Clients connect through a Service, not through a proxy: no retries, outlier detection, per-request balancing or metrics. Use a service mesh where they matter.';
  context.report({path: at(root, 'enabled'), level: 'approximated', reason: 'ServiceConnectProxyFeaturesLost', message});
  if (namespace !== undefined) reportNamespace(namespace, context);
  return services.flatMap((one, index) => endpointsOf(one, at(root, 'services', index), nameOfNamespace(namespace), task, context));
}

function endpointsOf(
  service: ServiceConnectService,
  path: string,
  namespace: string | undefined,
  task: TaskDefinition,
  context: Context,
): readonly WantedService[] {
  const {portName, discoveryName = portName, clientAliases = []} = service;
  const found = taskPorts(task).find(({mapping, first, last}) => first === last && mapping.name === portName);
  if (found === undefined) {
    const message = `No portMappings entry of the task definition has the name ${portName}.`;
    context.report({path: at(path, 'portName'), level: 'refused', reason: 'UnknownPortName', message});
    return [];
  }
  const {first: target, protocol, mapping} = found;
  const appProtocol = appProtocolOf(mapping.appProtocol);
  // With no alias clients use the container's own port.
  const aliases = clientAliases.length === 0 ? [{port: target, dnsName: undefined}] : clientAliases;
  return aliases.map(({port, dnsName}, which) => {
    const where = at(path, 'clientAliases', which);
    const name =
      dnsName === undefined
        ? defaultName(discoveryName, namespace, path, context)
        : aliasName(dnsName, discoveryName, at(where, 'dnsName'), context);
    const ports = [{port, target, protocol, path: at(where, 'port'), ...(appProtocol === undefined ? {} : {appProtocol})}];
    return {name, gives: 'one', ports, knownAs: discoveryName};
  });
}

/** ECS's default is `discoveryName.namespace`. */
function defaultName(discoveryName: string, namespace: string | undefined, path: string, context: Context): string {
  const name = serviceName(discoveryName);
  const isKnown = namespace === undefined || domainsOf(context).includes(namespace);
  if (name === discoveryName && isKnown) return name;
  report(path, namespace === undefined ? discoveryName : `${discoveryName}.${namespace}`, name, context);
  return name;
}

function aliasName(dnsName: string, discoveryName: string, path: string, context: Context): string {
  if (isServiceName(dnsName)) return dnsName;
  const [first = '', ...rest] = dnsName.split('.');
  if (isServiceName(first) && domainsOf(context).includes(rest.join('.'))) return first;
  const name = serviceName(dnsName.includes('.') ? discoveryName : dnsName);
  report(path, dnsName, name, context);
  return name;
}

/** What may stand behind the name of a Service: the Kubernetes namespace, and a domain that the cluster's DNS answers for. */
function domainsOf({cluster, settings}: Context): readonly string[] {
  const {namespace} = settings;
  const {domain} = cluster.serviceDiscovery ?? {};
  return [
    ...(namespace === undefined ? [] : [namespace, `${namespace}.svc`, `${namespace}.svc.cluster.local`]),
    ...(domain === undefined ? [] : [domain]),
  ];
}

function report(path: string, asked: string, name: string, context: Context): void {
  const {namespace} = context.settings;
  const full = `${name}.${namespace ?? '<namespace>'}.svc.cluster.local`;
  const message = `A Service cannot be called ${asked}; this one is called ${name}. Let clients use that name, or let the cluster's DNS answer with it (CoreDNS: rewrite name ${asked} ${full}).`;
  context.report({path, level: 'approximated', reason: 'ServiceConnectNameChanged', message});
}

/** gRPC has no name among the standard ones; meshes and gateways know this one. */
function appProtocolOf(protocol: 'http' | 'http2' | 'grpc' | undefined): string | undefined {
  return protocol === 'http2' ? 'kubernetes.io/h2c' : protocol;
}

/** A namespace may be given by its ARN, which has an id only. */
function nameOfNamespace(namespace: string | undefined): string | undefined {
  return namespace?.startsWith('arn:') ? undefined : namespace;
}

function reportNamespace(namespace: string, context: Context): void {
  if (domainsOf(context).includes(namespace)) return;
  const own = context.settings.namespace ?? '<namespace>';
  const message = `The names are known in the Kubernetes namespace of the object; clients in others append .${own} to them.`;
  context.report({path: at(root, 'namespace'), level: 'approximated', reason: 'ServiceConnectNamespace', message});
}

function reportDisabled(config: object, context: Context): void {
  if (Object.keys(config).length === 1) return;
  const message = 'enabled is false.';
  for (const key of Object.keys(config).filter((one) => one !== 'enabled')) {
    context.report({path: at(root, key), level: 'ignored', reason: 'ServiceConnectDisabled', message});
  }
  acknowledge(config);
}

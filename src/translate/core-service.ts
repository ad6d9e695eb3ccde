import {besideMetadata, podSelector} from './beside.ts';
import type {Context} from './context.ts';
import {labelName} from './names.ts';
import type {Protocol} from './task-ports.ts';

/** Names that a Service has in Cloud Map besides its own. */
const discoveryNames = 'ecs.drayage.dev/discovery-names';

export interface ServicePort {
  /** What clients connect to. */
  readonly port: number;
  /** What the container listens on. */
  readonly target: number;
  readonly protocol: Protocol;
  readonly appProtocol?: string;
  /** The field that asks for it. */
  readonly path: string;
}

/** A core Service that some part of the definition asks for. Several parts may ask for one of the same name. */
export interface WantedService {
  readonly name: string;
  /** `addresses`: its name gives the addresses of the pods (headless). `one`: one address before all of them. */
  readonly gives: 'addresses' | 'one';
  readonly ports: readonly ServicePort[];
  /** Clients reach the pod of their own node only. */
  readonly isLocal?: boolean;
  /** What Cloud Map would call it. */
  readonly knownAs?: string;
}

/** Adds each Service once, with the ports of all who ask for it. One address serves also those who wanted all of them. */
export function addServices(wanted: readonly WantedService[], context: Context): void {
  for (const name of new Set(wanted.map((one) => one.name))) {
    const same = wanted.filter((one) => one.name === name);
    const gives = same.every((one) => one.gives === 'addresses') ? 'addresses' : 'one';
    const ports = merged(
      same.flatMap((one) => one.ports),
      name,
      context,
    );
    const others = new Set(same.flatMap(({knownAs = name}) => (knownAs === name ? [] : [knownAs])));
    const annotations = others.size === 0 ? {} : {[discoveryNames]: [...others].join(',')};
    context.add({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: besideMetadata(name, context, annotations),
      spec: {
        ...(gives === 'addresses' ? {clusterIP: 'None'} : {}),
        ...(same.every(({isLocal}) => isLocal === true) ? {internalTrafficPolicy: 'Local'} : {}),
        selector: podSelector(context),
        ...(ports.length === 0 ? {} : {ports: ports.map(portOf)}),
      },
    });
  }
}

/** A Service's name: a label that begins with a letter. */
export function isServiceName(name: string): boolean {
  return /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** The same for any name of ECS. */
export function serviceName(name: string): string {
  if (isServiceName(name)) return name;
  const label = labelName(name);
  return /^[a-z]/.test(label) ? label : `s-${label}`.slice(0, 63).replace(/-+$/, '');
}

function merged(ports: readonly ServicePort[], name: string, {report}: Context): readonly ServicePort[] {
  const byPort = new Map<string, ServicePort>();
  for (const port of ports) {
    const key = `${port.port}/${port.protocol}`;
    const other = byPort.get(key);
    if (other === undefined) byPort.set(key, port);
    else if (other.target !== port.target) {
      const message = `Port ${key} of the Service ${name} leads to ${other.target} already (${other.path}); choose another port or name.`;
      report({path: port.path, level: 'refused', reason: 'ServicePortConflict', message});
    }
  }
  return [...byPort.values()];
}

function portOf({port, target, protocol, appProtocol}: ServicePort): Readonly<Record<string, unknown>> {
  return {
    name: `${protocol.toLowerCase()}-${port}`,
    port,
    targetPort: target,
    protocol,
    ...(appProtocol === undefined ? {} : {appProtocol}),
  };
}

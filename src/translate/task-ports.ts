import type {PortMapping, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';

export type Protocol = 'TCP' | 'UDP';

/** A port mapping that says a port, or a range of them. */
export interface TaskPort {
  readonly container: string;
  readonly path: string;
  readonly first: number;
  readonly last: number;
  readonly protocol: Protocol;
  /** Read from it only what has an effect: what is read is taken to be carried. */
  readonly mapping: PortMapping;
}

/** All ports of a task, as they are written. Mappings without a port are left out. */
export function taskPorts(task: TaskDefinition): readonly TaskPort[] {
  return task.containerDefinitions.flatMap(({name: container, portMappings = []}, index) =>
    portMappings.flatMap((mapping, which): TaskPort[] => {
      const range = rangeOf(mapping);
      if (range === undefined) return [];
      const path = at('containerDefinitions', index, 'portMappings', which);
      return [{container, path, ...range, protocol: protocolOf(mapping), mapping}];
    }),
  );
}

/** `udp` is UDP, and anything else TCP, as in ECS. */
export function protocolOf({protocol}: PortMapping): Protocol {
  return protocol?.toLowerCase() === 'udp' ? 'UDP' : 'TCP';
}

/** The first and the last port. Undefined where it has neither a port nor a range of the form `80-90`. */
export function rangeOf({containerPort, containerPortRange}: PortMapping): {first: number; last: number} | undefined {
  if (containerPort !== undefined) return {first: containerPort, last: containerPort};
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(containerPortRange ?? '');
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  return first >= 1 && first < last && last <= 65_535 ? {first, last} : undefined;
}

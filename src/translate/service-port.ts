import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import {taskPorts, type TaskPort} from './task-ports.ts';

interface Target {
  readonly containerName: string;
  readonly containerPort: number;
}

/** The port of a container that a service names; undefined and refused where the task definition has none such, as in ECS. */
export function findPort(task: TaskDefinition, {containerName, containerPort}: Target, path: string, report: Report): TaskPort | undefined {
  if (!task.containerDefinitions.some(({name}) => name === containerName)) {
    const message = `The task definition has no container ${containerName}; name one that it has.`;
    report({path: at(path, 'containerName'), level: 'refused', reason: 'UnknownContainer', message});
    return undefined;
  }
  const found = taskPorts(task).find(
    ({container, first, last}) => container === containerName && first <= containerPort && containerPort <= last,
  );
  if (found === undefined) {
    const message = `The container ${containerName} has no portMappings entry with containerPort ${containerPort}; add it, or name another.`;
    report({path: at(path, 'containerPort'), level: 'refused', reason: 'UnknownPort', message});
  }
  return found;
}

import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

/**
 * A setting that ECS has for each container and Kubernetes for the pod. Undefined where none has it; refused where two differ;
 * noted where others of the pod get it too.
 */
export function podWide<T>(
  task: TaskDefinition,
  field: string,
  valueOf: (container: ContainerDefinition) => T | undefined,
  report: Report,
): T | undefined {
  const found = task.containerDefinitions.flatMap((container, index) => {
    const value = valueOf(container);
    return value === undefined ? [] : [{path: at('containerDefinitions', index, field), value}];
  });
  const [first, ...rest] = found;
  if (first === undefined) return undefined;
  for (const {path, value} of rest) {
    if (JSON.stringify(value) === JSON.stringify(first.value)) continue;
    const message = `It differs from ${first.path}, and the containers of a pod share this setting; make them equal.`;
    report({path, level: 'refused', reason: 'SettingsOfContainersDiffer', message});
  }
  if (found.length < task.containerDefinitions.length) {
    const message = 'A pod has it for all of its containers; in ECS only this one would have it.';
    report({path: first.path, level: 'approximated', reason: 'SettingOfWholePod', message});
  }
  return first.value;
}

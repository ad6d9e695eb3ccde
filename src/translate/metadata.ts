import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

/** A note wherever a container counts on the agent's metadata endpoint, which pods do not have. */
export function reportMetadata(container: ContainerDefinition, path: string, report: Report): void {
  const look = (text: string | undefined, where: string): void => {
    if (text === undefined || !/ECS_CONTAINER_METADATA_(URI|FILE)|ECS_AGENT_URI/.test(text)) return;
    const message =
      'Pods have no metadata endpoint of ECS: the variable is not set. Take what is needed from the downward API, or leave it out.';
    report({path: where, level: 'approximated', reason: 'EcsMetadataUnavailable', message});
  };
  for (const [index, {name, value}] of (container.environment ?? []).entries())
    look(`${name} ${value ?? ''}`, at(path, 'environment', index));
  for (const field of ['entryPoint', 'command'] as const) {
    for (const [index, text] of (container[field] ?? []).entries()) look(text, at(path, field, index));
  }
  for (const [index, text] of (container.healthCheck?.command ?? []).entries()) look(text, at(path, 'healthCheck', 'command', index));
}

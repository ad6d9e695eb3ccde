import {parseReference} from '../../translate/revision.ts';
import {isJson} from './json.ts';

/** The family that a definition says it is of, also inside of what describe-task-definition prints. */
export function familyIn(definition: unknown): string | undefined {
  if (!isJson(definition)) return undefined;
  const {taskDefinition, family} = definition;
  const found = isJson(taskDefinition) ? taskDefinition['family'] : family;
  return typeof found === 'string' ? found : undefined;
}

/** The family that a service names: by `family`, `family:3` or an ARN. */
export function familyNamed(taskDefinition: unknown): string | undefined {
  return typeof taskDefinition === 'string' ? parseReference(taskDefinition)?.family : undefined;
}

import {isJson} from './json.ts';

/** What a person may have given instead of a task definition, and what to give. Undefined for what may be one. */
export function foreign(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const isContainers = value.length > 0 && value.every((one) => isJson(one) && 'image' in one);
    if (isContainers) return 'is a list of containers: put it into {"family": ..., "containerDefinitions": [...]}';
    return 'is a list, and a task definition is an object: give each one as a document of its own (YAML, with --- between them) or a file';
  }
  if (!isJson(value))
    return 'is neither JSON nor YAML with a task definition in it, which is an object with family and containerDefinitions';
  if ('containerDefinitions' in value || isJson(value['taskDefinition'])) return undefined;
  if ('Resources' in value || 'AWSTemplateFormatVersion' in value || 'ContainerDefinitions' in value) {
    return `is written for CloudFormation; give the JSON of ECS itself, as ${describe} prints it`;
  }
  if (isJson(value['services'])) return 'looks like a file of Docker Compose; give the JSON of an ECS task definition';
  if (
    'serviceName' in value ||
    'desiredCount' in value ||
    typeof value['taskDefinition'] === 'string' ||
    Array.isArray(value['services'])
  ) {
    return 'is a service; give it with --service, beside its task definition';
  }
  if (Array.isArray(value['taskDefinitionArns'])) return `lists task definitions and has none; ${describe} prints one`;
  return undefined;
}

const describe = 'aws ecs describe-task-definition --task-definition NAME';

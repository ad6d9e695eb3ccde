import {isJson, type Json} from './json.ts';

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
  return otherTool(value) ?? otherOfAws(value);
}

/** What is written for another tool. Undefined for what may be ECS's own JSON. */
export function otherTool(value: Json): string | undefined {
  if ('Resources' in value || 'AWSTemplateFormatVersion' in value || 'ContainerDefinitions' in value) return writtenFor('CloudFormation');
  if ('terraform_version' in value || (isJson(value['resource']) && !('family' in value))) return terraform;
  if (isJson(value['services'])) return 'looks like a file of Docker Compose; give the JSON of an ECS task definition';
  return undefined;
}

/** Terraform's own language, which is neither JSON nor YAML. */
export function isTerraform(text: string): boolean {
  return /^\s*(?:resource|data)\s+"\w+"\s+"[^"]+"\s*\{|^\s*(?:module|variable|provider)\s+"[^"]+"\s*\{/m.test(text);
}

function otherOfAws(value: Json): string | undefined {
  const {taskDefinition, services} = value;
  if ('scheduleExpression' in value || 'ScheduleExpression' in value) {
    return 'is a schedule; make a ScheduledTask of it, and give that beside its task definition';
  }
  const isService = 'serviceName' in value || 'desiredCount' in value;
  if (isService || Array.isArray(services)) return 'is a service; give it with --service, beside its task definition';
  if (typeof taskDefinition === 'string') {
    const isRun = ['overrides', 'count', 'startedBy', 'group', 'referenceId'].some((key) => key in value);
    if (isRun) return "is RunTask's input; give it with --run-task, beside its task definition";
    return 'is a service or a run of a task; give it with --service or --run-task, beside its task definition';
  }
  if (Array.isArray(value['tasks'])) return `has tasks that run, and not their definition; ${describe} prints one`;
  const list = Object.keys(value).find((key) => key.endsWith('Arns') && Array.isArray(value[key]));
  if (list === 'taskDefinitionArns') return `lists task definitions and has none; ${describe} prints one`;
  return list === undefined ? undefined : `lists ARNs and has no task definition; ${describe} prints one`;
}

function writtenFor(tool: string): string {
  return `is written for ${tool}; give the JSON of ECS itself, as ${describe} prints it`;
}

const describe = 'aws ecs describe-task-definition --task-definition NAME';

export const terraform = writtenFor('Terraform');

import type {ManagedEbsVolume} from './ecs-volumes.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

interface Tag {
  readonly key: string;
  readonly value?: string | undefined;
}

export interface PropagatedTags {
  readonly task: readonly Tag[];
  readonly service: readonly Tag[];
}

type Specifications = NonNullable<ManagedEbsVolume['tagSpecifications']>;

/** Tags as parameters of a StorageClass: `tagSpecification_1: key=value`. A tag that is written wins over one that is propagated. */
export function tagParameters(
  specifications: Specifications,
  path: string,
  propagated: PropagatedTags,
  report: Report,
): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  const add = ({key, value = ''}: Tag, where: string): void => {
    if (!value.includes('{{')) return void tags.set(key, value);
    const message = `The driver would take {{ for the beginning of a template, so the tag ${key} is left out.`;
    report({path: where, level: 'ignored', reason: 'VolumeTagIgnored', message});
  };
  for (const [index, {propagateTags, resourceType: _}] of specifications.entries()) {
    const where = at(path, 'tagSpecifications', index, 'propagateTags');
    if (propagateTags === 'TASK_DEFINITION') propagated.task.forEach((tag) => add(tag, where));
    if (propagateTags === 'SERVICE') propagated.service.forEach((tag) => add(tag, where));
  }
  for (const [index, {tags: written = []}] of specifications.entries()) {
    written.forEach((tag, which) => add(tag, at(path, 'tagSpecifications', index, 'tags', which)));
  }
  return Object.fromEntries([...tags].map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]));
}

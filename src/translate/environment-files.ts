import {addedName} from './added-objects.ts';
import {askForSecret} from './ask-for-secret.ts';
import type {Context} from './context.ts';
import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {fileSourceOf} from './value-from.ts';

/**
 * `environmentFiles`, as one Secret with a key for each variable. In Kubernetes as in ECS, `env` wins over it. Of several
 * files the first that has a name counts: so does the ECS agent merge them.
 */
export function variablesFromFiles(container: ContainerDefinition, path: string, context: Context): readonly object[] {
  const files = (container.environmentFiles ?? []).flatMap(({type, value}, index) => {
    const source = fileSourceOf(value);
    // Normalising has refused every other form.
    if (typeof source === 'string' || type !== 's3') return [];
    return [{path: at(path, 'environmentFiles', index), what: `file ${index + 1} of container ${container.name}`, source}];
  });
  if (files.length === 0) return [];
  const sources = files.map(({source}) => source);
  const name = addedName(context, 'env', [container.name, sources]);
  askForSecret({is: 'files', name, files}, context);
  return [{secretRef: {name}}];
}

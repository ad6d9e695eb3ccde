import {imageReference} from '../schema/image-reference.ts';
import {addedName} from './added-objects.ts';
import {askForSecret} from './ask-for-secret.ts';
import type {Context} from './context.ts';
import {dockerHub} from './docker-config-host.ts';
import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {credentialsSourceOf} from './value-from.ts';

/** `repositoryCredentials`, as pull secrets of the pod: one for each registry and secret in AWS. */
export function pullSecretsOf(task: TaskDefinition, context: Context): readonly {readonly name: string}[] {
  const names = new Set<string>();
  for (const [index, {name: container, image, repositoryCredentials}] of task.containerDefinitions.entries()) {
    if (repositoryCredentials === undefined) continue;
    const source = credentialsSourceOf(repositoryCredentials.credentialsParameter);
    // Normalising has refused every other form.
    if (typeof source === 'string') continue;
    const host = hostOf(image);
    const name = addedName(context, 'registry', [host, source]);
    if (names.has(name)) continue;
    names.add(name);
    const path = at('containerDefinitions', index, 'repositoryCredentials');
    askForSecret({is: 'registry', name, host, value: {path, what: `login to ${host} of container ${container}`, source}}, context);
  }
  if (names.size > 0) reportOthers(task, context);
  return [...names].map((name) => ({name}));
}

// The API server gives a pod the pull secrets of its ServiceAccount only where it names none itself.
function reportOthers({containerDefinitions}: TaskDefinition, {report}: Context): void {
  const served = new Set(containerDefinitions.flatMap(({image, repositoryCredentials}) => (repositoryCredentials ? [hostOf(image)] : [])));
  for (const [index, {image}] of containerDefinitions.entries()) {
    if (served.has(hostOf(image))) continue;
    const message =
      'The pod names pull secrets of its own, so those of its ServiceAccount are not used for this image; nodes of EKS pull from ECR without.';
    report({path: at('containerDefinitions', index, 'image'), level: 'approximated', reason: 'PullSecretsReplaced', message});
  }
}

function hostOf(image: string): string {
  return imageReference(image).host ?? dockerHub;
}

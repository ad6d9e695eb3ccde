import type {NeededSecret, NeededValue, ValueSource} from '../../translate/needs.ts';
import {isPinned} from '../../translate/image.ts';
import {normalizeTaskDefinition} from '../../translate/normalize.ts';
import type {ShownNote} from './answer.ts';

/** What the operator would fetch from AWS, and into which Secret. Nothing is fetched here. */
export function needNotes(needs: readonly NeededSecret[]): readonly ShownNote[] {
  return needs.flatMap((need) => {
    if (need.is === 'registry') return [note(need.value, `the pull secret ${need.name} for ${need.host}`)];
    if (need.is === 'files') return need.files.map((file) => note(file, `the Secret ${need.name}, a key for each line NAME=VALUE`));
    return Object.entries(need.values).map(([key, value]) => note(value, `the key ${key} of the Secret ${need.name}`));
  });
}

/** Which tags a Service would look up in ECR. */
export function tagNotes(definition: unknown): readonly ShownNote[] {
  const containers = normalizeTaskDefinition(definition).value?.containerDefinitions ?? [];
  const message =
    'The operator looks up the digest once for each deployment, as ECS does; these manifests by themselves leave the tag to each pod that starts.';
  return containers.flatMap((container, index) =>
    isPinned(container) ? [{path: `containerDefinitions[${index}].image`, level: 'needed', reason: 'FromECR', message}] : [],
  );
}

function note({path, source}: NeededValue, target: string): ShownNote {
  return {path, level: 'needed', reason: `From${source.is}`, message: `The operator fetches ${from(source)} into ${target}.`};
}

function from(source: ValueSource): string {
  if (source.is === 'S3') return `s3://${source.bucket}/${source.key}`;
  if (source.is === 'ParameterStore') return `${source.name} from Parameter Store`;
  const {secretId, jsonKey, versionStage, versionId} = source;
  const parts = [
    ...(jsonKey === undefined ? [] : [`its member ${jsonKey}`]),
    ...(versionStage === undefined ? [] : [`stage ${versionStage}`]),
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
  ];
  return `${secretId}${parts.length === 0 ? '' : ` (${parts.join(', ')})`} from Secrets Manager`;
}

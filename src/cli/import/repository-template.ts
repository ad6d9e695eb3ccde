import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {RepositoryTemplateSpec} from '../../kinds/repository-template/schema.ts';
import {repositoryTemplates} from '../../schema/types.ts';
import {patiently} from '../patiently.ts';
import {findingsByPrefix} from './by-prefix.ts';
import {isEverything} from './filter.ts';
import {readableDocument} from './document-text.ts';
import type {Finding, Importer, ImportRequest} from './importer.ts';

export const repositoryTemplateImporter: Importer = {kind: repositoryTemplates.kind, things: 'templates', read};

async function* read(request: ImportRequest): AsyncGenerator<Finding, void, undefined> {
  const {aws, location, registry, signal} = request;
  if (!isEverything(request.filter)) return;
  const templates = await patiently(() => aws.repositoryTemplates(location).all(), signal);
  const things = templates.map((template) => ({
    prefix: template.prefix,
    spec: (name: string) => repositoryTemplateSpec(template, name, registry),
  }));
  yield* findingsByPrefix(things, repositoryTemplates, RepositoryTemplateSpec, request);
}

/** The spec that keeps a template as it is. */
export function repositoryTemplateSpec(template: RepositoryTemplate, objectName: string, registry: string) {
  const {prefix, description, customRoleArn, encryption, imageTagMutability, imageTagMutabilityExclusionFilters: filters} = template;
  const {lifecyclePolicy, repositoryPolicy} = template;
  const tags = Object.entries(template.resourceTags)
    .filter(([key]) => !key.startsWith('aws:'))
    .map(([key, value]) => ({key, value}));
  const lifecycle = lifecyclePolicy && readableDocument(lifecyclePolicy, {most: 30_720, isSame: isSameLifecyclePolicy});
  const policy = repositoryPolicy && readableDocument(repositoryPolicy, {most: 10_240, isSame: isSamePolicy});
  return {
    ...(registry !== 'default' && {registryRef: {name: registry}}),
    ...(prefix !== objectName && {prefix}),
    appliedFor: template.appliedFor,
    ...(description !== undefined && {description}),
    ...(imageTagMutability !== 'MUTABLE' && {imageTagMutability}),
    ...(filters && {imageTagMutabilityExclusionFilters: filters}),
    ...(encryption && encryption.encryptionType !== 'AES256' && {encryptionConfiguration: encryption}),
    ...(lifecycle && {lifecyclePolicy: {lifecyclePolicyText: lifecycle}}),
    ...(policy && {repositoryPolicy: {policyText: policy}}),
    ...(tags.length > 0 && {resourceTags: tags}),
    ...(customRoleArn !== undefined && {customRoleArn}),
    deletionPolicy: 'Retain',
  };
}

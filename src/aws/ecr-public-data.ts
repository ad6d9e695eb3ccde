import type {Repository, RepositoryCatalogData} from '@aws-sdk/client-ecr-public';
import type {Catalog, CatalogInput, PublicRepository} from './ecr-public.ts';
import type {Tags} from './ecr.ts';

/** A repository as the SDK has it, as the door tells it. */
export function repositoryOf({
  repositoryName = '',
  repositoryArn = '',
  repositoryUri = '',
  registryId = '',
  createdAt,
}: Repository): PublicRepository {
  return {repositoryName, repositoryArn, repositoryUri, registryId, ...(createdAt && {createdAt: createdAt.toISOString()})};
}

/** A catalogue without what is empty. */
export function catalogOf(data: RepositoryCatalogData = {}): Catalog {
  const {description, architectures = [], operatingSystems = [], aboutText, usageText, logoUrl} = data;
  return {
    ...(description && {description}),
    ...(architectures.length > 0 && {architectures}),
    ...(operatingSystems.length > 0 && {operatingSystems}),
    ...(aboutText && {aboutText}),
    ...(usageText && {usageText}),
    ...(logoUrl && {logoUrl}),
  };
}

/** A catalogue as the SDK sends it. */
export function dataOf({architectures, operatingSystems, logoImageBlob, ...texts}: CatalogInput) {
  return {
    ...texts,
    ...(architectures && {architectures: [...architectures]}),
    ...(operatingSystems && {operatingSystems: [...operatingSystems]}),
    ...(logoImageBlob !== undefined && {logoImageBlob: Buffer.from(logoImageBlob, 'base64')}),
  };
}

export function tagList(tags: Tags) {
  return Object.entries(tags).map(([Key, Value]) => ({Key, Value}));
}

import type {Aws} from '../../src/aws/aws.ts';

/** AWS of which only the given parts may be used; any other throws and says which. */
export function fakeAws(parts: Partial<Aws>): Aws {
  return {
    identity: refuse('identity'),
    authorizationToken: refuse('authorizationToken'),
    ecr: refuse('ecr'),
    images: refuse('images'),
    lifecyclePreviews: refuse('lifecyclePreviews'),
    registrySettings: refuse('registrySettings'),
    replicationBackfills: refuse('replicationBackfills'),
    repositoryTemplates: refuse('repositoryTemplates'),
    pullThroughCacheRules: refuse('pullThroughCacheRules'),
    ecrPublic: refuse('ecrPublic'),
    secrets: refuse('secrets'),
    parameters: refuse('parameters'),
    files: refuse('files'),
    ...parts,
  };
}

function refuse(name: string): () => never {
  return () => {
    throw new Error(`this test did not expect aws.${name}`);
  };
}

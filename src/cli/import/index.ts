import type {Importer} from './importer.ts';
import {pullThroughCacheImporter} from './pull-through-cache.ts';
import {registryImporter} from './registry.ts';
import {repositoryTemplateImporter} from './repository-template.ts';
import {repositoryImporter} from './repository.ts';

/** Every kind that can be imported, in the order in which they are to be applied: one line each. */
export const importers: readonly Importer[] = [registryImporter, repositoryTemplateImporter, pullThroughCacheImporter, repositoryImporter];

import type {Importer} from './importer.ts';
import {registryImporter} from './registry.ts';
import {repositoryImporter} from './repository.ts';

/** Every kind that can be imported, in the order in which they are to be applied: one line each. */
export const importers: readonly Importer[] = [registryImporter, repositoryImporter];

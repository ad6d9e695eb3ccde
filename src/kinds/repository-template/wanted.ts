import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import type {Resource} from '../../schema/object.ts';
import {templateOf} from '../template-document.ts';
import type {RepositoryTemplateSpec} from './schema.ts';

export function prefixOf({metadata, spec}: Resource<RepositoryTemplateSpec>): string {
  return spec.prefix ?? metadata.name;
}

/** The template that the spec describes. */
export function wantedTemplate(resource: Resource<RepositoryTemplateSpec>): RepositoryTemplate {
  return templateOf(prefixOf(resource), resource.spec.appliedFor, resource.spec);
}

import type {Resource} from '../../schema/object.ts';
import type {Note} from '../../translate/note.ts';
import {translate} from '../../translate/translate.ts';
import type {TaskDefinitionSpec} from './schema.ts';

/** What is lost or changed when this definition runs, with its own service where it has one. */
export function notesOf(resource: Resource<TaskDefinitionSpec>): readonly Note[] {
  const {service = {}, ...definition} = resource.spec;
  return translate(definition, service, {name: resource.metadata.name}).notes;
}

import type {Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {Note} from '../../translate/note.ts';
import {translate} from '../../translate/translate.ts';
import type {TaskDefinitionSpec} from './schema.ts';

/** What is lost or changed when this definition runs, with its own service where it has one, in its Cluster. */
export function notesOf(resource: Resource<TaskDefinitionSpec>, cluster: ClusterSettings): readonly Note[] {
  const {service = {}, ...definition} = resource.spec;
  const {name, namespace} = resource.metadata;
  return translate(definition, service, {name, cluster, ...(namespace === undefined ? {} : {namespace})}).notes;
}

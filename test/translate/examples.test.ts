import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {parseAllDocuments} from 'yaml';
import {kinds} from '../../src/kinds/registry.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {isRefused, type Note} from '../../src/translate/note.ts';
import {parseReference} from '../../src/translate/revision.ts';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';

interface Example extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
}

const files = globSync('examples/{cluster,service,task,task-definition,scheduled-task}/*.yaml').toSorted();
const examples = files.flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => ({file, object: document.toJS() as Example})),
);

test('there are examples of every kind of ECS', (t) => {
  const shown = new Set(examples.map(({object}) => object.kind));
  t.deepEqual([...shown].toSorted(), ['Cluster', 'ScheduledTask', 'Service', 'Task', 'TaskDefinition']);
});

for (const {file, object} of examples) {
  const {kind, spec, metadata} = object;
  test(`${file}: the spec of the ${kind} ${metadata.name} is one`, (t) => {
    const schema = kinds.find(({definition}) => definition.kind === kind)?.definition.spec;
    t.deepEqual(schema?.safeParse(spec).error?.issues, undefined);
    t.truthy(schema);
  });
  if (kind !== 'TaskDefinition' && kind !== 'Service' && kind !== 'Task') continue;
  test(`${file}: nothing of the ${kind} ${metadata.name} is refused`, (t) => {
    const notes = notesOf(object);
    if (notes === undefined) t.log('its family is in no example, so only its spec was looked at');
    t.deepEqual((notes ?? []).filter(isRefused), []);
  });
}

/** Undefined where what it runs is in no example. */
function notesOf({kind, spec, metadata}: Example): readonly Note[] | undefined {
  const settings = {name: metadata.name, namespace: 'shop'};
  if (kind === 'TaskDefinition') {
    const {service = {}, ...definition} = spec;
    return translate(definition, service, settings).notes;
  }
  const definition = definitionOf(spec['taskDefinition'] as string);
  if (definition === undefined) return undefined;
  const {stop: _, stopReason: __, ttlSecondsAfterStopped: ___, ...run} = spec;
  return (kind === 'Task' ? translateTask(definition, run, settings) : translate(definition, spec, settings)).notes;
}

function definitionOf(reference: string): unknown {
  const family = parseReference(reference)?.family;
  const found = examples.find(({object}) => object.kind === 'TaskDefinition' && object.spec['family'] === family);
  if (found === undefined) return undefined;
  const {service: _, ...definition} = found.object.spec;
  return definition;
}

import {at} from '../../src/translate/field-path.ts';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';
import {translate} from '../../src/translate/translate.ts';
import {realFiles, withRealFiles} from '../support/corpus.ts';
import {unaccounted} from './accounting.ts';
import {faultsOf} from './invariants.ts';

withRealFiles('real task definitions are translated or refused with a path, and none crashes', (t) => {
  const files = realFiles('task-definitions');
  const started = performance.now();
  const results = files.map(({file, json}) => ({file, ...translate(json, {}, {name: 'web'})}));
  const milliseconds = Math.round(performance.now() - started);
  const translated = results.filter(({manifests}) => manifests.length > 0);
  for (const {file, manifests, notes} of results) {
    const refused = notes.filter(({level}) => level === 'refused');
    t.is(manifests.length > 0, refused.length === 0, file);
  }
  t.log(`${files.length} files: ${translated.length} translated, ${files.length - translated.length} refused, in ${milliseconds} ms`);
  t.pass();
});

withRealFiles('normalising a real task definition a second time changes nothing', (t) => {
  for (const {file, json} of realFiles('task-definitions')) {
    const {value} = normalizeTaskDefinition(json);
    if (value !== undefined) t.deepEqual(normalizeTaskDefinition(value).value, value, file);
  }
  t.pass();
});

withRealFiles('every leaf of a real task definition changes what is made, or has a note', (t) => {
  for (const {file, json} of realFiles('task-definitions')) {
    const {value} = normalizeTaskDefinition(json);
    if (value !== undefined) t.deepEqual(unaccounted(value, {}), [], file);
  }
  t.pass();
});

withRealFiles('real service definitions never crash the translator', (t) => {
  const task = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx', memory: 64}]};
  for (const {file, json} of realFiles('service-definitions')) {
    const {notes, manifests} = translate(task, json, {name: 'web'});
    t.is(manifests.length > 0, !notes.some(({level}) => level === 'refused'), file);
  }
  t.pass();
});

/** The paths of everything in a value, as notes name them. */
function pathsIn(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [path];
  const children: readonly (readonly [number | string, unknown])[] = Array.isArray(node) ? [...node.entries()] : Object.entries(node);
  return [path, ...children.flatMap(([key, child]) => pathsIn(child, at(path, key)))];
}

withRealFiles('each refusal of a real task definition names a field that is there, or the one that is missing there', (t) => {
  for (const {file, json} of realFiles('task-definitions')) {
    const {taskDefinition = json} = json as {taskDefinition?: unknown};
    const paths = new Set(pathsIn(taskDefinition));
    for (const {path, level} of translate(json, {desiredCount: 1}, {name: 'web'}).notes) {
      const above = path.replace(/(?:^|\.)\w+$|\[[^\]]*\]$/, '');
      if (level === 'refused') t.true(paths.has(path) || paths.has(above), `${file}: ${path}`);
    }
  }
  t.pass();
});

const saysWhatToDo = /\b(?:must|needs?|add|choose|give|keep|leave|lower|make|move|mount|name|put|raise|remove|rename|set|use|write)\b/i;

withRealFiles('each real task definition with each real service is sound, or refused with a path and what to do', (t) => {
  const services = realFiles('service-definitions');
  const faults = realFiles('task-definitions').flatMap((task) =>
    services.flatMap((service) => {
      const translation = translate(task.json, service.json, {name: 'web', namespace: 'shop'});
      const refusals = translation.notes.filter(({level}) => level === 'refused');
      const vague = refusals.filter(({path, message}) => path === '' || !saysWhatToDo.test(message)).map((note) => JSON.stringify(note));
      return [...faultsOf(translation, 'web', 'shop'), ...vague].map((fault) => `${task.file}, ${service.file}: ${fault}`);
    }),
  );
  t.deepEqual(faults.slice(0, 20), []);
});

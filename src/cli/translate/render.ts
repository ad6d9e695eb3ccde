import {yamlText} from '../../generate/text.ts';
import {plural} from '../plural.ts';
import type {Answer, ShownNote} from './answer.ts';

/** Every manifest as a document of its own. */
export function asYaml(answers: readonly Answer[]): string {
  return answers.flatMap(({manifests}) => manifests.map(yamlText)).join('---\n');
}

/** For programs: `{manifests, notes}`. Of several definitions each note says its file, and `files` what became of each. */
export function asJson(answers: readonly Answer[]): string {
  const isSeveral = answers.length > 1;
  const told = {
    manifests: answers.flatMap(({manifests}) => manifests),
    notes: answers.flatMap(({where, notes}) => notes.map((note) => (isSeveral ? {file: where, ...note} : note))),
    ...(isSeveral && {files: answers.map(fileOf)}),
  };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}

function fileOf({where, name, manifests}: Answer): object {
  return {
    file: where,
    ...(name !== undefined && {name}),
    isTranslated: manifests.length > 0,
    manifests: manifests.map(({kind, metadata}) => `${kind}/${metadata.name}`),
  };
}

/** `translated 2 of 3 definitions into 4 objects; 5 notes: 1 refused, 3 approximated, 1 ignored`. */
export function sumText(answers: readonly Answer[]): string {
  const translated = answers.filter(({manifests}) => manifests.length > 0).length;
  const objects = answers.reduce((sum, {manifests}) => sum + manifests.length, 0);
  const notes = answers.flatMap((answer) => answer.notes);
  const levels = (['refused', 'approximated', 'ignored', 'needed'] as const satisfies readonly ShownNote['level'][]).flatMap((level) => {
    const count = notes.filter((note) => note.level === level).length;
    return count === 0 ? [] : [`${count} ${level}`];
  });
  const counted = notes.length === 0 ? 'no notes' : `${plural(notes.length, 'note')}: ${levels.join(', ')}`;
  return `translated ${translated} of ${plural(answers.length, 'definition')} into ${plural(objects, 'object')}; ${counted}`;
}

import type {Note} from '../../src/translate/note.ts';
import type {Behaviour} from './behaviour.ts';

export type Verdict = 'same' | 'approximate' | 'different';

/** One line of the page. */
export interface Row {
  readonly here: string;
  readonly verdict: Verdict;
  /** Reasons of the notes that say so, or why there is none. Empty where all is the same. */
  readonly why: string;
}

/** What was seen, or the reasons for which nothing was made. */
export type Seen = {readonly here: string; readonly notes: readonly Note[]} | {readonly refused: readonly string[]};

/** How it looks in the words of the table where a definition is not taken. */
export const refusal = 'refused';

/**
 * The same words are the same behaviour. A difference is as great as the note on it says, and a difference that nothing speaks of
 * is an error of the translation: this throws.
 */
export function rowOf({id, ecs, note, unnoted}: Behaviour, seen: Seen): Row {
  if ('refused' in seen) {
    const why = code(seen.refused);
    return ecs.does === refusal ? {here: refusal, verdict: 'same', why: ''} : {here: refusal, verdict: 'different', why};
  }
  const {here, notes} = seen;
  if (here === ecs.does) return {here, verdict: 'same', why: ''};
  const about = notes.filter(({path, reason}) => note?.test(`${path} ${reason}`) ?? false);
  if (about.length === 0) {
    if (unnoted === undefined)
      throw new Error(`${id}: in ECS “${ecs.does}”, here “${here}”, and no note says so: ${JSON.stringify(notes)}`);
    return {here, ...unnoted};
  }
  const isNear = about.every(({level}) => level === 'approximated');
  return {here, verdict: isNear ? 'approximate' : 'different', why: code(about.map(({reason}) => reason))};
}

function code(reasons: readonly string[]): string {
  return [...new Set(reasons)]
    .toSorted()
    .map((reason) => `\`${reason}\``)
    .join(', ');
}

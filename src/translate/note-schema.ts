import * as z from 'zod';
import type {Note} from './note.ts';

/** At most so many notes stand in a status. */
export const notesShown = 100;

const longest = 1024;

/** A note as it stands in the status of a kind. */
export const NoteStatus = z.object({
  path: z.string().max(longest).describe('Where in the definition, as a field path; a service\'s begin with "service.".'),
  level: z
    .enum(['ignored', 'approximated', 'refused'])
    .describe(
      'ignored: no effect here. approximated: not quite the effect that it has in ECS. refused: nothing is made until it is changed.',
    ),
  reason: z.string().max(128).describe('UpperCamelCase, for programs.'),
  message: z.string().max(longest).describe('For a person: what it means here, and what to do.'),
});

/** A note that a status takes: one that is too long would make the API server refuse the whole status. */
export function bounded(note: Note): Note {
  return {...note, path: cut(note.path), message: cut(note.message)};
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

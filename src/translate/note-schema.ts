import * as z from 'zod';

/** At most so many notes stand in a status. */
export const notesShown = 100;

/** A note as it stands in the status of a kind. */
export const NoteStatus = z.object({
  path: z.string().max(1024).describe('Where in the definition, as a field path; a service\'s begin with "service.".'),
  level: z
    .enum(['ignored', 'approximated', 'refused'])
    .describe(
      'ignored: no effect here. approximated: not quite the effect that it has in ECS. refused: nothing is made until it is changed.',
    ),
  reason: z.string().max(128).describe('UpperCamelCase, for programs.'),
  message: z.string().max(1024).describe('For a person: what it means here, and what to do.'),
});

/**
 * What a translation could not carry over as it stands.
 *
 * - `ignored`: the field has no effect here.
 * - `approximated`: it has one, but not quite the one that it has in ECS.
 * - `refused`: nothing is made at all until the field is changed.
 */
export interface Note {
  /** Where, as a Kubernetes field path from the root of the definition: `containerDefinitions[0].secrets`. A service's begin with `service.`. */
  readonly path: string;
  readonly level: 'ignored' | 'approximated' | 'refused';
  /** UpperCamelCase, for programs. */
  readonly reason: string;
  /** One or two sentences for a person, with what to do. Never quotes the value of an environment variable. */
  readonly message: string;
}

/** Takes the notes of one translation in the order in which they are found. */
export type Report = (note: Note) => void;

export function isRefused(note: Note): boolean {
  return note.level === 'refused';
}

/** Why nothing is made, as the reason of a condition: the Cluster's word where it is the only thing in the way. */
export function refusal(refused: readonly Note[]): 'RoleNotAllowed' | 'NotTranslatable' {
  return refused.length > 0 && refused.every(({reason}) => reason === 'RoleNotAllowed') ? 'RoleNotAllowed' : 'NotTranslatable';
}

/** `containerDefinitions[0].image: needs an image` for the first few, and how many more there are. */
export function summaryOf(notes: readonly Note[], limit = 3): string {
  const shown = notes.slice(0, limit).map((note) => (note.path === '' ? note.message : `${note.path}: ${note.message}`));
  const rest = notes.length - shown.length;
  return rest > 0 ? `${shown.join(' ')} (and ${rest} more in status.notes)` : shown.join(' ');
}

import {isRefused, summaryOf, type Note} from './note.ts';

/** What a status says of a translation as a whole. */
export interface TranslatedClaim {
  readonly type: 'Translated';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** The condition `Translated`: whether all fields are carried. `reason` is that of a refusal. */
export function translatedClaim(
  notes: readonly Note[],
  reason: (refused: readonly Note[]) => string = () => 'NotTranslatable',
): TranslatedClaim {
  const refused = notes.filter(isRefused);
  if (refused.length > 0) return {type: 'Translated', status: 'False', reason: reason(refused), message: summaryOf(refused)};
  const message =
    notes.length === 0 ? 'Every field is honoured.' : `${notes.length} fields are approximated or ignored; status.notes says how.`;
  return {type: 'Translated', status: 'True', reason: 'Translated', message};
}

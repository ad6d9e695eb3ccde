import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {Translation} from '../../translate/translate.ts';

/** Under the policy Strict what is only approximated is refused. */
export function strictly(translation: Translation, {policy}: ClusterSettings): Translation {
  const isApproximated = translation.notes.some(({level}) => level === 'approximated');
  if (policy !== 'Strict' || !isApproximated) return translation;
  const notes = translation.notes.map((note) => (note.level === 'approximated' ? {...note, level: 'refused' as const} : note));
  return {manifests: [], notes, needs: []};
}

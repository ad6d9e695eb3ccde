import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {Translation} from '../../translate/translate.ts';

/** Under the policy Strict what is only approximated is refused. */
export function strictly(translation: Translation, cluster: ClusterSettings): Translation {
  const {policy} = cluster;
  // A Cluster that allows some of it by name has been asked by the translator.
  if (Object.hasOwn(cluster, 'allowedApproximations')) return translation;
  const isApproximated = translation.notes.some(({level}) => level === 'approximated');
  if (policy !== 'Strict' || !isApproximated) return translation;
  const notes = translation.notes.map((note) => (note.level === 'approximated' ? {...note, level: 'refused' as const} : note));
  return {manifests: [], notes, needs: []};
}

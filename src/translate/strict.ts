import type {ClusterSettings} from './cluster-settings.ts';
import type {Note} from './note.ts';

/** With `policy: Strict` what is only approximated is refused, unless the Cluster allows its path or its reason. */
export function byPolicy(notes: readonly Note[], {policy = 'Warn', allowedApproximations = []}: ClusterSettings): readonly Note[] {
  if (policy === 'Warn') return notes;
  return notes.map((note) => {
    if (note.level !== 'approximated' || allowedApproximations.some((pattern) => isAllowed(pattern, note))) return note;
    const message = `${note.message} The policy is Strict: change it, or have ${note.reason} allowed in allowedApproximations of the Cluster (--allow of drayage translate).`;
    return {...note, level: 'refused', message};
  });
}

// A reason begins with a capital letter, a field with a small one.
function isAllowed(pattern: string, {path, reason}: Note): boolean {
  if (/^[A-Z]/.test(pattern)) return pattern === reason;
  const general = path.replaceAll(/\[\d+\]/g, '[*]');
  return [path, general].some((one) => one === pattern || one.startsWith(`${pattern}.`) || one.startsWith(`${pattern}[`));
}

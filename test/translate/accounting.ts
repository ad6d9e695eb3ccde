import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {at, type Segment} from '../../src/translate/field-path.ts';
import type {Note} from '../../src/translate/note.ts';
import {translate} from '../../src/translate/translate.ts';

/** Checked and not carried: which compatibilities are asked for decides nothing but the platform and what ECS refuses. */
const checkedOnly = /^(requiresCompatibilities\[\d+\])$/;

/**
 * The leaves of a definition that are neither in the manifests nor noted, found from outside: each leaf is changed, and
 * then the result must differ, or a note must stand at the leaf or above it. ECS's own defaults are left in place by a
 * change to another value, so a leaf that only repeats a default is found out too.
 */
export function unaccounted(task: object, service: object, cluster?: ClusterSettings): readonly string[] {
  const settings = {name: 'web', ...(cluster === undefined ? {} : {cluster})};
  const before = translate(task, service, settings);
  if (before.manifests.length === 0) return [];
  const shown = JSON.stringify(before);
  return leavesOf(task).flatMap(({path, segments}) => {
    if (checkedOnly.test(path) || before.notes.some((note) => covers(note, path))) return [];
    return variantsOf(task, segments).some((variant) => JSON.stringify(translate(variant, service, settings)) !== shown) ? [] : [path];
  });
}

export function leavesOf(
  node: unknown,
  path = '',
  segments: readonly Segment[] = [],
): readonly {path: string; segments: readonly Segment[]}[] {
  if (typeof node !== 'object' || node === null) return [{path, segments}];
  const children: readonly (readonly [Segment, unknown])[] = Array.isArray(node)
    ? node.map((child: unknown, index) => [index, child] as const)
    : Object.entries(node);
  return children.flatMap(([segment, child]) => leavesOf(child, at(path, segment), [...segments, segment]));
}

// What is ignored is so with all that is in it; what is approximated still has to make a difference, leaf by leaf.
function covers({path, level}: Note, leaf: string): boolean {
  return leaf === path || (level === 'ignored' && (leaf.startsWith(`${path}.`) || leaf.startsWith(`${path}[`)));
}

function variantsOf(root: object, segments: readonly Segment[]): readonly unknown[] {
  const leaf = segments.reduce<unknown>((node, segment) => (node as Record<Segment, unknown>)[segment], root);
  return changed(leaf).map((value) => {
    const copy = structuredClone(root);
    const parent = segments.slice(0, -1).reduce<unknown>((node, segment) => (node as Record<Segment, unknown>)[segment], copy);
    (parent as Record<Segment, unknown>)[segments.at(-1) ?? ''] = value;
    return copy;
  });
}

function changed(leaf: unknown): readonly unknown[] {
  if (typeof leaf === 'boolean') return [!leaf];
  if (typeof leaf === 'number') return [leaf + 1, leaf + 40, leaf + 1000];
  return [`${String(leaf)}x`, '7', 'udp', 'not allowed at all {{x}}'];
}

import {at, patternAt, type Segment} from './field-path.ts';
import type {Note, Report} from './note.ts';

/** What becomes of a field that is not carried, by its path with `[]` for every list index. */
export type Verdicts = Readonly<Record<string, Omit<Note, 'path'>>>;

interface Walk {
  readonly isRead: (path: string) => boolean;
  readonly verdicts: Verdicts;
  readonly unknown: string;
  readonly report: Report;
}

/** A note for everything in `root` that nobody has read: the verdict for it, or `UnknownField`. */
export function reportLeftovers(root: object, path: string, walk: Walk): void {
  for (const [segment, child] of childrenOf(root)) visit(child, at(path, segment), patternAt(path, segment), walk);
}

function visit(node: unknown, path: string, pattern: string, walk: Walk): void {
  const state = stateOf(node, path, walk);
  if (state === 'read' || state === 'empty') return;
  const verdict = walk.verdicts[pattern];
  if (verdict !== undefined) return walk.report({path, ...verdict});
  if (state === 'unread' && !leadsToVerdict(pattern, walk.verdicts)) {
    return walk.report({path, level: 'ignored', reason: 'UnknownField', message: walk.unknown});
  }
  for (const [segment, child] of childrenOf(node as object)) visit(child, at(path, segment), patternAt(pattern, segment), walk);
}

function stateOf(node: unknown, path: string, walk: Walk): 'read' | 'unread' | 'mixed' | 'empty' {
  if (typeof node !== 'object' || node === null) return walk.isRead(path) ? 'read' : 'unread';
  const states = new Set(childrenOf(node).map(([segment, child]) => stateOf(child, at(path, segment), walk)));
  states.delete('empty');
  if (states.size === 0) return 'empty';
  const [only] = states;
  return states.size === 1 && only !== undefined ? only : 'mixed';
}

function leadsToVerdict(pattern: string, verdicts: Verdicts): boolean {
  return Object.keys(verdicts).some((known) => known.startsWith(`${pattern}.`) || known.startsWith(`${pattern}[`));
}

function childrenOf(node: object): readonly (readonly [Segment, unknown])[] {
  return Array.isArray(node) ? node.map((child: unknown, index) => [index, child] as const) : Object.entries(node);
}

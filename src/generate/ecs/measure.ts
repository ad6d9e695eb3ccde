import type {Note} from '../../translate/note.ts';
import type {Leaf} from './leaf.ts';
import {probesOf} from './probe.ts';

/** What a value of a leaf does to a translation. */
export type Effect =
  /** The translation differs, and nothing is said of it. */
  | {readonly is: 'carried'}
  /** Nothing differs: it is the default. */
  | {readonly is: 'same'}
  /** A note stands at the leaf or above it. */
  | {readonly is: Note['level']; readonly reason: string}
  /** Only whether something else is refused depends on it. */
  | {readonly is: 'checked'; readonly reason: string};

export interface Measured {
  readonly leaf: Leaf;
  /** By value. Of several surroundings, each effect once. */
  readonly effects: readonly (Effect & {readonly value: unknown})[];
}

/** What a translator gives. */
export interface Result {
  readonly made: unknown;
  readonly notes: readonly Note[];
}

/** A definition in which a leaf makes sense, and how it is translated. */
export interface Surrounding {
  readonly base: object;
  readonly translate: (input: object) => Result;
}

/** Sets a leaf to each of its values, and looks at what that does. */
export function measure(leaf: Leaf, surroundings: readonly Surrounding[]): Measured {
  const effects = surroundings.flatMap(({base, translate}) => {
    const {path, probes, without, begins, isAlone} = probesOf(leaf, base);
    const before = without === undefined ? undefined : translate(without);
    const results = probes.map((probe) => ({probe, after: translate(probe.input)}));
    const others = before !== undefined && (isAlone || results.length === 1) ? [shown(before)] : [];
    const isVaried = new Set([...results.map(({after}) => shown(after)), ...others]).size > 1;
    return results.flatMap(({probe, after}) =>
      effectsOf({path, before, after, begins, isVaried}).map((effect) => ({...effect, value: probe.value})),
    );
  });
  const seen = new Set<string>();
  return {leaf, effects: effects.filter((effect) => !seen.has(JSON.stringify(effect)) && seen.add(JSON.stringify(effect)))};
}

interface Compared {
  readonly path: string;
  readonly before: Result | undefined;
  readonly after: Result;
  readonly begins: string;
  /** Whether any value, or its absence, gives another translation. */
  readonly isVaried: boolean;
}

function effectsOf({path, before, after, begins, isVaried}: Compared): readonly Effect[] {
  const old = new Set((before?.notes ?? []).map(textOf));
  // Where nothing can be left out only a note at the very leaf is about it.
  const fresh = after.notes.filter((note) => (before === undefined ? note.path === path : !old.has(textOf(note))));
  const here = fresh.filter((note) => isWithin(path, note.path));
  if (here.length > 0) return here.map(({level, reason}) => ({is: level, reason}));
  const refused = fresh.find(({level}) => level === 'refused');
  if (refused !== undefined) return [{is: isWithin(refused.path, begins) ? 'refused' : 'checked', reason: refused.reason}];
  if (isVaried && (before === undefined || shown(before) !== shown(after))) return [{is: 'carried'}];
  // What is ignored or refused is so with all that is in it; and of what is refused anyway nothing can be seen.
  const whole =
    after.notes.find((note) => note.path === path || (note.level !== 'approximated' && isWithin(path, note.path))) ??
    after.notes.find(({level}) => level === 'refused');
  return [whole === undefined ? {is: 'same'} : {is: whole.level, reason: whole.reason}];
}

/** Whether a path is at or below another. */
function isWithin(path: string, above: string): boolean {
  return path === above || above === '' || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

function textOf({path, level, reason, message}: Note): string {
  return `${path} ${level} ${reason} ${message}`;
}

/** Notes too: where one is gone Kubernetes does more of what ECS does. */
function shown({made, notes}: Result): string {
  return JSON.stringify([made, notes.map(textOf)]);
}

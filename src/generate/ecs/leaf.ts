import type {Shape, Structure} from './shape.ts';

/** One step into a value. Every step of a list is its first item; of a map, the one key. */
export type Step =
  | {readonly is: 'member'; readonly name: string; readonly isRequired: boolean}
  | {readonly is: 'item'}
  | {readonly is: 'key'};

/** A field that holds no other fields. */
export interface Leaf {
  /** `containerDefinitions[].secrets[].name`; a value of a map is `dockerLabels.*`. */
  readonly pattern: string;
  readonly steps: readonly Step[];
  readonly shape: Exclude<Shape, Structure>;
}

/** Every leaf, in the order of the SDK. */
export function leavesOf(shape: Shape, pattern = '', steps: readonly Step[] = []): readonly Leaf[] {
  if (shape.is === 'list') return leavesOf(shape.of, `${pattern}[]`, [...steps, {is: 'item'}]);
  if (shape.is === 'map') return leavesOf(shape.of, `${pattern}.*`, [...steps, {is: 'key'}]);
  if (shape.is !== 'structure') return [{pattern, steps, shape}];
  return shape.members.flatMap(({name, shape: inner, isRequired}) =>
    leavesOf(inner, pattern === '' ? name : `${pattern}.${name}`, [...steps, {is: 'member', name, isRequired}]),
  );
}

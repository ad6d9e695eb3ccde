import {labelValue} from '../names.ts';
import type {Literal, NegationNormal} from './expression.ts';
import {literalsOf} from './normal-form.ts';

/** RunTask's `group`, as a label's value on pods. */
const groupLabel = 'ecs.drayage.dev/group';
const serviceLabel = 'ecs.drayage.dev/service';

/** Pods on whose nodes a pod must be, or must not be. */
export interface Neighbours {
  readonly isNear: boolean;
  readonly labelSelector: {
    readonly matchExpressions: readonly [{readonly key: string; readonly operator: 'In'; readonly values: readonly string[]}];
  };
}

export type Grouped =
  /** Nothing in it is about task groups. */
  | {readonly is: 'none'}
  | {readonly is: 'neighbours'; readonly neighbours: readonly Neighbours[]}
  | {readonly is: 'unsupported'; readonly literal: Literal; readonly why: string};

/** What one conjunct says about task groups. Kubernetes joins demands on other pods, and those on labels, by «and» only. */
export function groupsIn(conjunct: NegationNormal): Grouped {
  const literals = literalsOf(conjunct);
  const first = literals.find(isGroup);
  if (first === undefined) return {is: 'none'};
  if (!literals.every(isGroup)) return wrong(first, 'what other tasks do can be joined with labels of nodes by «and» only');
  const all = literals.map((literal) => ({literal, groups: groupsOf(literal)}));
  const strange = all.find(({groups}) => groups === undefined);
  if (strange !== undefined) return wrong(strange.literal, 'only ==, != and in can be asked of task groups');
  if (literals.length > 1 && !literals.every(isPositive))
    return wrong(first, 'of task groups only those that must be there can be joined by «or»');
  const selectors = [...selected(all.flatMap(({groups = []}) => groups))];
  if (!isPositive(first)) return {is: 'neighbours', neighbours: selectors.map((selector) => near(selector, false))};
  const [only, ...others] = selectors;
  if (only === undefined || others.length > 0) return wrong(first, 'services and other groups cannot be joined by «or»');
  return {is: 'neighbours', neighbours: [near(only, true)]};
}

function wrong(literal: Literal, why: string): Grouped {
  return {is: 'unsupported', literal, why};
}

type Selector = readonly [string, readonly string[]];

function selected(groups: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byLabel = new Map<string, readonly string[]>();
  for (const group of groups) {
    const service = /^service:(.+)$/.exec(group)?.[1];
    const key = service === undefined ? groupLabel : serviceLabel;
    byLabel.set(key, [...(byLabel.get(key) ?? []), labelValue(service ?? group)]);
  }
  return byLabel;
}

function near([key, values]: Selector, isNear: boolean): Neighbours {
  return {isNear, labelSelector: {matchExpressions: [{key, operator: 'In', values: [...new Set(values)]}]}};
}

function groupsOf({comparison: {operator, values}}: Literal): readonly string[] | undefined {
  return ['==', '!=', 'in', '!in'].includes(operator) ? values : undefined;
}

function isPositive({comparison: {operator}, isNegated}: Literal): boolean {
  return (operator === '==' || operator === 'in') !== isNegated;
}

function isGroup({comparison}: Literal): boolean {
  return comparison.subject === 'task:group';
}

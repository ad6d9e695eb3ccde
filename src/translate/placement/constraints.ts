import type {PlacementConstraint} from '../ecs.ts';
import {at} from '../field-path.ts';
import type {Report} from '../note.ts';
import type {Literal, NegationNormal} from './expression.ts';
import {groupsIn, type Neighbours} from './groups.ts';
import {conjuncts, disjunctiveNormal, every, negationNormal, type Terms} from './normal-form.ts';
import {parse} from './parse.ts';
import {requirementsOf, type Nodes, type Requirement} from './requirements.ts';

export interface Constrained {
  /** Undefined where something was refused. */
  readonly terms?: Terms<Requirement>;
  readonly neighbours: readonly Neighbours[];
  /** Each task of the group on a node of its own. */
  readonly isDistinct: boolean;
}

/** What placement constraints ask of nodes and of the pods on them. What cannot be asked is refused, with its text. */
export function constrained(constraints: readonly PlacementConstraint[], path: string, nodes: Nodes, report: Report): Constrained {
  const neighbours: Neighbours[] = [];
  const parts: (Terms<Requirement> | undefined)[] = [];
  let isDistinct = false;
  for (const [index, {type, expression}] of constraints.entries()) {
    const here = at(path, index);
    if (type === 'distinctInstance') {
      isDistinct = true;
      if (expression !== undefined)
        refuse(report, at(here, 'expression'), 'InvalidField', 'distinctInstance takes no expression; remove it.');
      continue;
    }
    if (expression === undefined) {
      refuse(report, at(here, 'expression'), 'InvalidField', 'memberOf needs an expression, such as attribute:stack == web.');
      continue;
    }
    const member = memberOf(expression, at(here, 'expression'), nodes, report);
    neighbours.push(...member.neighbours);
    parts.push(member.terms);
  }
  const known = parts.filter((part) => part !== undefined);
  const terms = known.length < parts.length ? undefined : every(known);
  if (known.length === parts.length && terms === undefined) tooLarge(report, path);
  return {...(terms === undefined ? {} : {terms}), neighbours, isDistinct};
}

function memberOf(text: string, path: string, nodes: Nodes, report: Report): Omit<Constrained, 'isDistinct'> {
  const parsed = parse(text);
  if (parsed.is === 'wrong') {
    const {position, message} = parsed;
    const near = text.slice(position, position + 40);
    refuse(
      report,
      path,
      'InvalidPlacementExpression',
      `At character ${position + 1} ${message}${near === '' ? '.' : `, before «${near}».`}`,
    );
    return {neighbours: []};
  }
  const strange = new Map<number, string>();
  const unsupported = ({comparison: {text: part, position}}: Literal, why: string): void => {
    strange.set(position, `«${shortened(part)}» (at character ${position + 1}): ${why}.`);
  };
  const neighbours: Neighbours[] = [];
  const aboutNodes: NegationNormal[] = [];
  for (const conjunct of conjuncts(negationNormal(parsed.expression))) {
    const grouped = groupsIn(conjunct);
    if (grouped.is === 'none') aboutNodes.push(conjunct);
    else if (grouped.is === 'unsupported') unsupported(grouped.literal, grouped.why);
    else neighbours.push(...grouped.neighbours);
  }
  reportMutual(neighbours, path, report);
  const termsOf = (literal: Literal): Terms<Requirement> => {
    const required = requirementsOf(literal, nodes);
    if (required.is === 'unsupported') {
      unsupported(literal, required.why);
      return [[]];
    }
    if (required.remark !== undefined) {
      const {reason, message} = required.remark;
      report({path, level: 'approximated', reason, message: `«${shortened(literal.comparison.text)}»: ${message}`});
    }
    return required.terms;
  };
  const terms = disjunctiveNormal({is: 'and', parts: aboutNodes}, termsOf);
  if (strange.size > 0) {
    const message = `Change what cannot be carried, or remove it: ${[...strange.values()].join(' ')}`;
    refuse(report, path, 'PlacementExpressionUnsupported', message);
  }
  if (terms === undefined) tooLarge(report, path);
  else if (terms.length === 0)
    refuse(report, path, 'PlacementImpossible', 'No node can ever fulfil this expression; change it, or remove it.');
  return terms === undefined ? {neighbours} : {terms, neighbours};
}

/** A message has room for several; the position tells them apart. */
function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}…${text.slice(-19)}`;
}

function reportMutual(neighbours: readonly Neighbours[], path: string, report: Report): void {
  if (neighbours.every(({isNear}) => isNear)) return;
  const message = 'Kubernetes keeps the tasks of that group off the nodes of these tasks too; ECS looks only when it places these.';
  report({path, level: 'approximated', reason: 'AntiAffinityIsMutual', message});
}

export function tooLarge(report: Report, path: string): void {
  refuse(report, path, 'PlacementExpressionTooLarge', 'Written out as alternatives it has more than 100; use in [a, b] instead of «or».');
}

function refuse(report: Report, path: string, reason: string, message: string): void {
  report({path, level: 'refused', reason, message});
}

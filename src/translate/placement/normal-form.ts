import type {Expression, Literal, NegationNormal} from './expression.ts';

/** Or of ands. `[]` never holds, `[[]]` always does. */
export type Terms<T> = readonly (readonly T[])[];

/** More terms than any person writes; a Kubernetes object with so many is still small. */
const mostTerms = 100;

/** With negation pushed down to the comparisons (De Morgan). */
export function negationNormal(expression: Expression, isNegated = false): NegationNormal {
  if (expression.is === 'comparison') return {is: 'literal', comparison: expression, isNegated};
  if (expression.is === 'not') return negationNormal(expression.of, !isNegated);
  const is = (expression.is === 'and') === isNegated ? 'or' : 'and';
  return {is, parts: expression.parts.map((part) => negationNormal(part, isNegated))};
}

/** What must hold all together, each by itself. */
export function conjuncts(expression: NegationNormal): readonly NegationNormal[] {
  return expression.is === 'and' ? expression.parts.flatMap(conjuncts) : [expression];
}

/** The comparisons of an expression, in their order. */
export function literalsOf(expression: NegationNormal): readonly Literal[] {
  return expression.is === 'literal' ? [expression] : expression.parts.flatMap(literalsOf);
}

/**
 * As an or of ands, where each comparison is one by itself. Undefined where that has more than 100 terms: the number may
 * double with each pair of parentheses.
 */
export function disjunctiveNormal<T>(expression: NegationNormal, termsOf: (literal: Literal) => Terms<T>): Terms<T> | undefined {
  if (expression.is === 'literal') return termsOf(expression);
  const parts = expression.parts.map((part) => disjunctiveNormal(part, termsOf));
  if (!areThere(parts)) return undefined;
  if (expression.is === 'and') return every(parts);
  const terms = distinct(parts.flat());
  return terms.length > mostTerms ? undefined : terms;
}

/** And of several ors of ands; undefined where it has too many terms. */
export function every<T>(parts: readonly Terms<T>[]): Terms<T> | undefined {
  let terms: Terms<T> = [[]];
  for (const part of parts) {
    if (terms.length * part.length > mostTerms * 10) return undefined;
    terms = distinct(terms.flatMap((term) => part.map((more) => distinct([...term, ...more]))));
    if (terms.length > mostTerms) return undefined;
  }
  return terms;
}

function areThere<T>(parts: readonly (Terms<T> | undefined)[]): parts is readonly Terms<T>[] {
  return parts.every((part) => part !== undefined);
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

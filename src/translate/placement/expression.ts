/** How a subject is compared, in the short form of each operator (`equals` is `==`, `not_in` is `!in`). */
export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=' | 'exists' | '!exists' | 'in' | '!in' | '=~' | '!~';

/** `attribute:ecs.instance-type =~ t2.*` */
export interface Comparison {
  readonly is: 'comparison';
  readonly subject: string;
  readonly operator: Operator;
  /** None for `exists`, several for `in`, else one. */
  readonly values: readonly string[];
  /** As it stands in the expression, and where: 0 is the first character. */
  readonly text: string;
  readonly position: number;
}

/** An expression of ECS's cluster query language. */
export type Expression =
  | Comparison
  | {readonly is: 'and' | 'or'; readonly parts: readonly Expression[]}
  | {readonly is: 'not'; readonly of: Expression};

/** A comparison, or the opposite of one. */
export interface Literal {
  readonly is: 'literal';
  readonly comparison: Comparison;
  readonly isNegated: boolean;
}

/** The same meaning with negation only at comparisons. */
export type NegationNormal = Literal | {readonly is: 'and' | 'or'; readonly parts: readonly NegationNormal[]};

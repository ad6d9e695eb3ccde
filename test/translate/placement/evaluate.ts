import type {Expression} from '../../../src/translate/placement/expression.ts';
import type {Requirement} from '../../../src/translate/placement/requirements.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What an expression of ECS says of an instance with these attributes, straight from the words of its documentation. */
export function holds(expression: Expression, attributes: Attributes): boolean {
  if (expression.is === 'not') return !holds(expression.of, attributes);
  if (expression.is !== 'comparison') {
    const parts = expression.parts.map((part) => holds(part, attributes));
    return expression.is === 'and' ? parts.every(Boolean) : parts.some(Boolean);
  }
  const {subject, operator, values} = expression;
  const actual = attributes[subject.replace('attribute:', '')];
  const [first = ''] = values;
  const number = Number(first);
  switch (operator) {
    case 'exists':
      return actual !== undefined;
    case '!exists':
      return actual === undefined;
    case '==':
      return actual === first;
    case '!=':
      return actual !== first;
    case 'in':
      return actual !== undefined && values.includes(actual);
    case '!in':
      return actual === undefined || !values.includes(actual);
    case '=~':
      return actual !== undefined && new RegExp(`^(?:${first})$`).test(actual);
    case '!~':
      return actual === undefined || !new RegExp(`^(?:${first})$`).test(actual);
    case '>':
      return actual !== undefined && Number(actual) > number;
    case '>=':
      return actual !== undefined && Number(actual) >= number;
    case '<':
      return actual !== undefined && Number(actual) < number;
    case '<=':
      return actual !== undefined && Number(actual) <= number;
  }
  return operator satisfies never;
}

/** Whether Kubernetes takes a node with these labels for `nodeSelectorTerms`; a term without expressions stands for every node. */
export function selects(terms: readonly (readonly Requirement[])[], labels: Attributes): boolean {
  return terms.some((term) => term.every((requirement) => fulfils(requirement, labels)));
}

// As k8s.io/apimachinery's labels.Requirement.Matches.
function fulfils({key, operator, values = []}: Requirement, labels: Attributes): boolean {
  const actual = labels[key];
  const isNumber = actual !== undefined && /^\d+$/.test(actual);
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
      return isNumber && BigInt(actual) > BigInt(values[0] ?? '');
    case 'Lt':
      return isNumber && BigInt(actual) < BigInt(values[0] ?? '');
  }
  return operator satisfies never;
}

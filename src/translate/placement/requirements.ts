import type {Attributes, Compute} from '../cluster-settings.ts';
import {external, familyLabelOf, nodeLabelOf, regionLabel, type NodeLabel} from './attributes.ts';
import type {Comparison, Literal, Operator} from './expression.ts';
import type {Terms} from './normal-form.ts';
import {beginningsOf, textsOf} from './pattern.ts';

/** One line of `nodeSelectorTerms[].matchExpressions`. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

export interface Nodes {
  readonly attributes: Attributes;
  /** The sorts of nodes that the task may run on. */
  readonly computes: readonly Compute[];
}

export type Required =
  | {
      readonly is: 'terms';
      readonly terms: Terms<Requirement>;
      /** What is not quite the same, for a person. */
      readonly remark?: {readonly reason: string; readonly message: string};
    }
  | {readonly is: 'unsupported'; readonly why: string};

const always: Terms<Requirement> = [[]];
const never: Terms<Requirement> = [];

/**
 * What a comparison asks of a node's labels. The opposite of a comparison also holds where the label is absent, as `NotIn`
 * does. Numbers are whole and not negative, as labels can hold no others.
 */
export function requirementsOf({comparison, isNegated}: Literal, nodes: Nodes): Required {
  const {subject} = comparison;
  if (subject === 'agentConnected') return connected(comparison, isNegated);
  const attribute = subject === 'ec2InstanceId' ? subject : subject.replace(/^attribute:/, '');
  if (subject !== 'ec2InstanceId' && attribute === subject) return unsupported(`nodes have no label for ${subject}`);
  const operator = isNegated ? opposites[comparison.operator] : comparison.operator;
  if (operator === undefined) return opposite(comparison, attribute, nodes);
  if (attribute === external.attribute && !Object.hasOwn(nodes.attributes.labels ?? {}, attribute)) return outside(operator);
  if (operator === '=~' || operator === '!~') return matching(comparison, operator, attribute, nodes);
  const label = subject === 'ec2InstanceId' ? instanceLabel(nodes.attributes) : nodeLabelOf(attribute, nodes.attributes);
  return label === undefined ? unsupported(unlabelled(attribute)) : compared(label, operator, comparison.values);
}

const opposites: Readonly<Partial<Record<Operator, Operator>>> = {
  '==': '!=',
  '!=': '==',
  in: '!in',
  '!in': 'in',
  exists: '!exists',
  '!exists': 'exists',
  '=~': '!~',
  '!~': '=~',
};
/** Of numbers, where the attribute is there. */
const numericOpposites: Readonly<Partial<Record<Operator, Operator>>> = {'>': '<=', '>=': '<', '<': '>=', '<=': '>'};

function opposite(comparison: Comparison, attribute: string, nodes: Nodes): Required {
  const label = nodeLabelOf(attribute, nodes.attributes);
  const operator = numericOpposites[comparison.operator];
  if (label?.key === undefined || operator === undefined) return unsupported(unlabelled(attribute));
  const present = compared(label, operator, comparison.values);
  return present.is === 'terms' ? terms([...present.terms, [{key: label.key, operator: 'DoesNotExist'}]]) : present;
}

function compared(label: NodeLabel, operator: Operator, values: readonly string[]): Required {
  if (operator === 'exists' || operator === '!exists') {
    if (label.key === undefined) return unsupported('no label tells whether it is there');
    return terms([[{key: label.key, operator: operator === 'exists' ? 'Exists' : 'DoesNotExist'}]]);
  }
  if (operator === '==' || operator === 'in') return listed(label, values, true);
  if (operator === '!=' || operator === '!in') return listed(label, values, false);
  const [value = ''] = values;
  if (label.key === undefined || !/^\d{1,15}$/.test(value)) return unsupported('only whole numbers from 0 on can be compared by size');
  return terms(sized(label.key, operator, Number(value)));
}

function listed(label: NodeLabel, values: readonly string[], isIn: boolean): Required {
  const byKey = new Map<string, Set<string>>();
  for (const value of values) {
    const there = label.of(value);
    if (there === undefined) return unsupported(`no node label can have the value ${value.length <= 128 ? value : 'that is so long'}`);
    byKey.set(there.key, (byKey.get(there.key) ?? new Set()).add(there.value));
  }
  const requirements = [...byKey].map(([key, set]): Requirement => ({key, operator: isIn ? 'In' : 'NotIn', values: [...set]}));
  return terms(isIn ? requirements.map((requirement) => [requirement]) : [requirements]);
}

function sized(key: string, operator: Operator, number: number): Terms<Requirement> {
  const above = (limit: number): Requirement => ({key, operator: 'Gt', values: [String(limit)]});
  const below = (limit: number): Requirement => ({key, operator: 'Lt', values: [String(limit)]});
  if (operator === '>') return [[above(number)]];
  if (operator === '<=') return [[below(number + 1)]];
  if (operator === '<') return number === 0 ? never : [[below(number)]];
  // Kubernetes takes no negative number here.
  return number === 0 ? [[{key, operator: 'In', values: ['0']}], [above(0)]] : [[above(number - 1)]];
}

function matching({values: [pattern = '']}: Comparison, operator: '=~' | '!~', attribute: string, nodes: Nodes): Required {
  const isIn = operator === '=~';
  const label = attribute === 'ec2InstanceId' ? instanceLabel(nodes.attributes) : nodeLabelOf(attribute, nodes.attributes);
  if (label === undefined) return unsupported(unlabelled(attribute));
  if (/^\^?\.\*\$?$/.test(pattern)) return compared(label, isIn ? 'exists' : '!exists', []);
  const isType = attribute === 'ecs.instance-type' && !Object.hasOwn(nodes.attributes.labels ?? {}, attribute);
  const texts = textsOf(pattern, isType ? '.' : undefined);
  if (texts !== undefined) return listed(label, texts, isIn);
  const beginnings = beginningsOf(pattern, isType ? '.' : undefined);
  if (beginnings !== undefined && isType) return families(beginnings, isIn, nodes);
  const isRegion = attribute === 'ecs.availability-zone' && beginnings?.every((text) => /^[a-z]{2,}(-[a-z]+)+-\d$/.test(text)) === true;
  if (isRegion) return terms([[{key: regionLabel, operator: isIn ? 'In' : 'NotIn', values: beginnings}]]);
  return unsupported('labels are compared as a whole, and the values of this pattern cannot be listed');
}

function families(beginnings: readonly string[], isIn: boolean, nodes: Nodes): Required {
  const names = beginnings.map((text) => text.replace(/\.$/, ''));
  if (!names.every((name) => /^[a-z]+\d+[a-z-]*$/.test(name))) return unsupported('it names no whole family of instance types');
  const key = familyLabelOf(nodes.attributes, nodes.computes);
  if (key === undefined) {
    return unsupported(
      'these nodes have no label for the family of their instance type: list the types (in [t3.micro, t3.small]), or name a label as attributes.labels["instance-family"] in the Cluster',
    );
  }
  const found = terms([[{key, operator: isIn ? 'In' : 'NotIn', values: names}]]);
  if (beginnings.every((text) => text.endsWith('.'))) return found;
  const message = `It is read as the family ${names.join(', ')}; the pattern also fits families whose names only begin so. Write ${names[0]}\\..* for the family alone.`;
  return {...found, remark: {reason: 'InstanceFamilyAssumed', message}};
}

function outside(operator: Operator): Required {
  const {key, value} = external;
  if (operator === 'exists') return terms([[{key, operator: 'In', values: [value]}]]);
  if (operator === '!exists') return terms([[{key, operator: 'NotIn', values: [value]}]]);
  return unsupported('only exists and !exists can be asked of it');
}

// Kubernetes places pods on nodes that are ready, and on no others.
function connected({operator, values}: Comparison, isNegated: boolean): Required {
  const isSo = {
    '==': values.includes('true'),
    in: values.includes('true'),
    '!=': !values.includes('true'),
    '!in': !values.includes('true'),
  };
  const holds = operator in isSo ? isSo[operator as keyof typeof isSo] : undefined;
  if (holds === undefined) return unsupported('only true and false can be asked for');
  const message = 'Pods are placed on nodes that are ready, and on no others.';
  return {is: 'terms', terms: holds === isNegated ? never : always, remark: {reason: 'AgentConnectedAlways', message}};
}

function instanceLabel({labels = {}}: Attributes): NodeLabel | undefined {
  return Object.hasOwn(labels, 'ec2InstanceId') ? nodeLabelOf('ec2InstanceId', {labels}) : undefined;
}

function unlabelled(attribute: string): string {
  return `nodes have no label for ${attribute.length <= 128 ? attribute : 'an attribute of so long a name'}; name one in attributes.labels of the Cluster`;
}

function terms(of: Terms<Requirement>): Extract<Required, {is: 'terms'}> {
  return {is: 'terms', terms: of};
}

function unsupported(why: string): Required {
  return {is: 'unsupported', why};
}

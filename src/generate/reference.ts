import {type CustomResourceDefinition, customResourceDefinition} from '../schema/crd.ts';
import type {Definition} from '../schema/definition.ts';
import {Conditions} from '../schema/condition.ts';
import {labelSelector} from '../schema/selector.ts';
import {toStructural} from '../schema/structural.ts';
import type {StructuralSchema} from '../schema/structural-schema.ts';
import {kebab, marker} from './text.ts';

interface Field {
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
}

/** The reference page of a kind: each field with its type and limits, its conditions and their reasons. */
export function referencePage(definition: Definition): string {
  const crd = customResourceDefinition(definition);
  const {spec = {}, status = {}} = schemaOf(crd).properties ?? {};
  const specRows = fields(spec, '').map(({path, schema, required}) => [
    code(path),
    typeOf(schema),
    required ? 'yes' : '',
    schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
    limitsOf(schema),
    schema.description ?? '',
  ]);
  const statusRows = fields(status, '').map(({path, schema}) => [code(path), typeOf(schema), schema.description ?? '']);
  const whole = (spec['x-kubernetes-validations'] ?? []).map(({message}) => `- ${message}`);
  return [
    `<!-- ${marker} -->`,
    `# ${definition.kind}`,
    '',
    definition.description,
    '',
    about(definition),
    '',
    '## spec',
    ...(spec.description === undefined ? [] : ['', spec.description]),
    ...(spec['x-kubernetes-preserve-unknown-fields'] ? ['', 'Fields that are not in this table are kept as they are.'] : []),
    '',
    ...table(['Field', 'Type', 'Required', 'Default', 'Limits', 'What it is'], specRows),
    ...(whole.length > 0 ? ['', 'Over the whole of `spec`:', '', ...whole] : []),
    '',
    '## status',
    '',
    ...table(['Field', 'Type', 'What it is'], statusRows),
    '',
    '## Conditions',
    '',
    'Every kind has `Ready`, which is computed from the others. `Reconciling` and `Stalled` are there only while True: the first',
    'means that the operator is at work, or will try again by itself; the second, that someone must act.',
    '',
    ...table(
      ['Reason', 'What it means, and what to do'],
      Object.entries(definition.reasons).map(([reason, meaning]) => [code(reason), meaning]),
    ),
    ...permissions(definition),
    '',
  ].join('\n');
}

function permissions({actions = []}: Definition): readonly string[] {
  if (actions.length === 0) return [];
  return [
    '',
    '## AWS permissions',
    '',
    'IAM actions that the operator calls for objects of this kind:',
    '',
    ...actions.map((action) => `- ${code(action)}`),
  ];
}

/** The list of all reference pages. */
export function referenceIndex(definitions: readonly Definition[]): string {
  const rows = definitions.map((definition) => [
    `[${definition.kind}](${kebab(definition.kind)}.md)`,
    code(definition.apiVersion),
    definition.namespaced ? 'namespaced' : 'cluster',
    definition.shortNames.map(code).join(', '),
    definition.description,
  ]);
  return [`<!-- ${marker} -->`, '# Reference', '', ...table(['Kind', 'API', 'Scope', 'Short name', 'What it is'], rows), ''].join('\n');
}

function schemaOf(crd: CustomResourceDefinition): StructuralSchema {
  return crd.spec.versions[0].schema.openAPIV3Schema;
}

function about({apiVersion, namespaced, shortNames, plural}: Definition): string {
  const short = shortNames.length > 0 ? `, short ${shortNames.map(code).join(', ')}` : '';
  return `${code(apiVersion)}, ${namespaced ? 'namespaced' : 'cluster-scoped'}. ${code(`kubectl get ${plural}`)}${short}.`;
}

/** What every Kubernetes user knows already: named, not spread out. Compared by what is inside, for descriptions differ. */
const familiar: readonly (readonly [name: string, inside: string])[] = [
  ['label selector', insideOf(toStructural(labelSelector()))],
  ['list of conditions', insideOf(toStructural(Conditions))],
];

function familiarName(schema: StructuralSchema): string | undefined {
  return familiar.find(([, inside]) => inside === insideOf(schema))?.[0];
}

function insideOf({properties, items}: StructuralSchema): string {
  return JSON.stringify({properties, items});
}

/** Every field below a schema, in the order of its definition: `keepers`, `keepers[].name`, `tags.*`. */
function fields(schema: StructuralSchema, above: string): readonly Field[] {
  if (familiarName(schema)) return [];
  if (schema.items) return fields(schema.items, `${above}[]`);
  if (schema.additionalProperties) return fields(schema.additionalProperties, `${above}.*`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = above === '' ? name : `${above}.${name}`;
    return [{path, schema: inner, required: schema.required?.includes(name) ?? false}, ...fields(inner, path)];
  });
}

function typeOf(schema: StructuralSchema): string {
  const known = familiarName(schema);
  if (known !== undefined) return known;
  if (schema['x-kubernetes-int-or-string']) return 'integer or string';
  if (schema['x-kubernetes-preserve-unknown-fields']) return schema.properties ? 'object with any further fields' : 'any object';
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  return schema.format === 'date-time' ? 'time (RFC 3339)' : (schema.type ?? '');
}

function limitsOf(schema: StructuralSchema): string {
  const {items, additionalProperties} = schema;
  const keys = schema['x-kubernetes-list-map-keys'];
  const limits = [
    schema.enum && schema.enum.map((value) => code(String(value))).join(', '),
    range('', schema.minimum, schema.maximum, schema.exclusiveMinimum, schema.exclusiveMaximum),
    schema.multipleOf !== undefined && `a multiple of ${schema.multipleOf}`,
    range('length ', schema.minLength, schema.maxLength),
    range('items ', schema.minItems, schema.maxItems),
    range('entries ', undefined, schema.maxProperties),
    schema.pattern !== undefined && `matches ${code(schema.pattern)}`,
    keys && `one item for each ${keys.join(' and ')}`,
    schema['x-kubernetes-list-type'] === 'set' && 'no duplicates',
    ...(schema['x-kubernetes-validations'] ?? []).map(({message}) => (message === 'is immutable' ? 'immutable' : message)),
    ...[items, additionalProperties].map((inner) => inner && limitsOf(inner) && `each: ${limitsOf(inner)}`),
  ];
  return limits.filter((limit) => typeof limit === 'string' && limit !== '').join('; ');
}

function range(name: string, min?: number, max?: number, aboveMin?: true, belowMax?: true): string | undefined {
  if (min === undefined && max === undefined) return undefined;
  if (min !== undefined && max !== undefined && !aboveMin && !belowMax) return `${name}${min === max ? min : `${min} to ${max}`}`;
  return [
    min !== undefined && `${name}${aboveMin ? 'above' : 'at least'} ${min}`,
    max !== undefined && `${name}${belowMax ? 'below' : 'at most'} ${max}`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** A Markdown table. Cells may hold anything; line breaks become spaces. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function code(text: string): string {
  const ticks = text.includes('`') ? '``' : '`';
  return `${ticks}${text}${ticks}`;
}

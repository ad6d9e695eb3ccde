import * as z from 'zod';
import {Conditions} from './condition.ts';
import {withDefaults} from './defaults.ts';
import type {Column, Definition} from './definition.ts';
import {groupOf} from './resource-type.ts';
import {toStructural} from './structural.ts';
import {type StructuralSchema, UnsayableSchema} from './structural-schema.ts';

/** A CustomResourceDefinition of one version. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: {readonly name: string};
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly [CustomResourceVersion];
  };
}

export interface CustomResourceVersion {
  readonly name: string;
  readonly served: true;
  readonly storage: true;
  readonly additionalPrinterColumns: readonly Column[];
  readonly selectableFields?: readonly {readonly jsonPath: string}[];
  readonly subresources: {readonly status: object; readonly scale?: NonNullable<Definition['scale']>};
  readonly schema: {readonly openAPIV3Schema: StructuralSchema};
}

/** `kubectl get drayage` lists every kind. */
const category = 'drayage';

const observedGeneration = z.int().min(-1).describe('The generation of the object that this status was made from; -1 before the first.');

/**
 * The CRD of a kind. Beside what the definition says it has `status.observedGeneration` (-1 until the operator has looked, so
 * that kstatus does not call a new object done), conditions, and the columns READY, STATUS (Ready's reason) and AGE. `spec`
 * is required where `{}` is no valid one, and defaults to it otherwise. Throws UnsayableSchema, also for a field without a
 * description and for a path that names no field.
 */
export function customResourceDefinition(definition: Definition): CustomResourceDefinition {
  const {kind, plural, singular, shortNames, columns, scale, selectableFields = []} = definition;
  const group = groupOf(definition);
  const schema = objectSchema(definition);
  refuseUndescribed(schema, []);
  const shown: readonly Column[] = [
    {name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status'},
    {name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason'},
    ...columns,
    {name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp'},
  ];
  for (const path of [...shown.map(({jsonPath}) => jsonPath), ...selectableFields, ...Object.values(scale ?? {})])
    refuseUnknown(schema, path);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${plural}.${group}`},
    spec: {
      group,
      names: {kind, listKind: `${kind}List`, plural, singular, shortNames, categories: [category]},
      scope: definition.namespaced ? 'Namespaced' : 'Cluster',
      versions: [
        {
          name: definition.apiVersion.slice(group.length + 1),
          served: true,
          storage: true,
          additionalPrinterColumns: shown,
          ...(selectableFields.length > 0 && {selectableFields: selectableFields.map((jsonPath) => ({jsonPath}))}),
          subresources: {status: {}, ...(scale && {scale})},
          schema: {openAPIV3Schema: schema},
        },
      ],
    },
  };
}

function objectSchema(definition: Definition): StructuralSchema {
  const spec = toStructural(definition.spec);
  if (spec.type !== 'object') throw new UnsayableSchema(['spec'], 'must be an object');
  const required = !definition.spec.safeParse({}).success;
  return {
    type: 'object',
    description: definition.description,
    properties: {
      apiVersion: {type: 'string', description: 'Which API the object is written in.'},
      kind: {type: 'string', description: 'What the object is.'},
      metadata: {type: 'object'},
      spec: {description: 'What is wanted.', ...spec, ...(!required && {default: withDefaults(spec, {})})},
      status: statusSchema(definition),
    },
    ...(required && {required: ['spec']}),
  };
}

function statusSchema({status}: Definition): StructuralSchema {
  const own = toStructural(status);
  for (const name of ['observedGeneration', 'conditions']) {
    if (own.properties?.[name]) throw new UnsayableSchema(['status', name], 'every kind has it already');
  }
  return {
    description: 'What the operator has seen and done.',
    ...own,
    default: {observedGeneration: -1},
    properties: {observedGeneration: toStructural(observedGeneration), conditions: toStructural(Conditions), ...own.properties},
  };
}

/** `kubectl explain` is the manual that is always at hand: each field has a line in it. */
function refuseUndescribed(schema: StructuralSchema, path: readonly string[]): void {
  const missing = undescribed(schema, path);
  if (missing.length > 0) throw new UnsayableSchema(path, `say what these are with .describe(): ${missing.join(', ')}`);
}

function undescribed(schema: StructuralSchema, path: readonly string[]): readonly string[] {
  const below = schema.items ?? schema.additionalProperties;
  return [
    ...(below ? undescribed(below, [...path, schema.items ? '[]' : '*']) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
      const here = [...path, name];
      const silent = inner.description === undefined && here.join('.') !== 'metadata';
      return [...(silent ? [here.join('.')] : []), ...undescribed(inner, here)];
    }),
  ];
}

/** A column or selector with a slip in its path is empty for ever, and nobody says so. Paths with filters are followed up to them. */
function refuseUnknown(schema: StructuralSchema, jsonPath: string): void {
  const [, ...names] = (jsonPath.split('[')[0] ?? '').split('.');
  let here = schema;
  for (const name of names) {
    if (name === 'metadata' && here === schema) return;
    const next: StructuralSchema | undefined = here.properties?.[name] ?? here.additionalProperties;
    if (!next && here['x-kubernetes-preserve-unknown-fields']) return;
    if (!next) throw new UnsayableSchema(names, `no field is called so: ${jsonPath}`);
    here = next;
  }
}

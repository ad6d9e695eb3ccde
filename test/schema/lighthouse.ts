import * as z from 'zod';
import type {Kind} from '../../src/kinds/kind.ts';
import {sourceOf} from '../../src/kinds/sources.ts';
import type {Definition} from '../../src/schema/definition.ts';
import {anyObject, immutable, intOrString, listMap, mapOf, rule, set} from '../../src/schema/rules.ts';
import {labelSelector} from '../../src/schema/selector.ts';
import {secrets} from '../../src/schema/types.ts';

const Keeper = z.object({
  name: z.string().min(1).max(63).describe('What the keeper is called.'),
  since: immutable(z.int32().min(1700)).describe('The year of the first watch.'),
});

/** A kind that uses every word of the schema room. */
export const LighthouseSpec = rule(
  z.object({
    site: immutable(
      z
        .string()
        .min(2)
        .max(63)
        .regex(/^[a-z]+(-[a-z]+)*$/),
    )
      .optional()
      .describe('Where it stands. Defaults to the name of the object.'),
    light: z.enum(['Fixed', 'Flashing']).default('Fixed').describe('How it shines. {{ braces }} and | pipes stay as they are.'),
    period: z.int32().min(1).max(60).optional().describe('Seconds between flashes.'),
    power: immutable(
      z
        .object({
          source: z.enum(['Oil', 'Electric']).default('Electric').describe('What it burns.'),
          volts: z.int().min(12).max(400).optional().describe('For electric light only.'),
        })
        .prefault({}),
    ).describe('What makes the light.'),
    keepers: listMap(Keeper, 'name').max(8).optional().describe('Who tends it.'),
    colours: set(z.string().max(16)).max(4).optional().describe('The colours of its sectors.'),
    door: intOrString().optional().describe('A port or its name.'),
    logbook: anyObject().optional().describe('Kept as it is.'),
    foghorn: z
      .looseObject({hertz: z.int32().min(20).max(500).optional().describe('Its tone.')})
      .optional()
      .describe('What is known of it, and whatever else is written.'),
    tags: mapOf(z.string().max(256), {max: 50}).optional().describe('Free words.'),
    ships: labelSelector().optional().describe('Which ships it guides.'),
    off: z.boolean().default(false).describe('Whether it is dark.'),
    y: z.number().min(0).max(1).optional().describe('How far along the coast. YAML 1.1 reads the name as a boolean.'),
  }),
  {
    rule: "(self.light == 'Flashing') == has(self.period)",
    message: 'period belongs to Flashing, and only to it',
    fieldPath: '.period',
    reason: 'FieldValueRequired',
    test: ({light, period}) => (light === 'Flashing') === (period !== undefined),
  },
);
export type LighthouseSpec = z.infer<typeof LighthouseSpec>;

export const lighthouse: Definition<LighthouseSpec> = {
  apiVersion: 'sea.example.dev/v1alpha1',
  kind: 'Lighthouse',
  plural: 'lighthouses',
  singular: 'lighthouse',
  namespaced: true,
  shortNames: ['lh'],
  description: 'A light that ships can steer by.',
  spec: LighthouseSpec,
  status: z.object({
    replicas: z.int32().optional().describe('How many lamps burn.'),
    selector: z.string().optional().describe('Which lamps.'),
    litSince: z.iso.datetime().optional().describe('When it was lit.'),
  }),
  columns: [{name: 'Light', type: 'string', jsonPath: '.spec.light', description: 'How it shines', priority: 1}],
  scale: {specReplicasPath: '.spec.period', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector'},
  selectableFields: ['.spec.light'],
  reasons: {Lit: 'The light burns. Nothing is to be done.', OilMissing: 'There is no oil. Bring some.'},
};

interface Observed {
  readonly lit: boolean;
}

interface Light {
  readonly call: 'Light';
  readonly why: string;
}

export const lighthouseKind: Kind<LighthouseSpec, Observed, Light> = {
  definition: lighthouse,
  watches: [
    {source: sourceOf({...lighthouse, plural: 'ships', kind: 'Ship'}), keys: () => []},
    {source: {name: 'secrets', type: secrets}, keys: () => []},
  ],
  access: [
    {apiGroups: [''], resources: ['secrets'], verbs: ['patch', 'get']},
    {apiGroups: [''], resources: ['secrets'], verbs: ['delete'], resourceNames: ['oil']},
  ],
  finalizer: true,
  parallel: 1,
  seed: {apiVersion: lighthouse.apiVersion, kind: lighthouse.kind, metadata: {name: 'default', namespace: 'default'}},
  observe: () => Promise.resolve({lit: false}),
  plan: () => ({steps: [], then: {is: 'settled', reason: 'Lit', message: 'the light burns'}}),
  apply: () => Promise.resolve({advance: () => ({lit: true})}),
  status: () => ({fields: {}, conditions: []}),
};

/** A list of kinds takes them all, whatever their specs. */
export const kinds: readonly Kind[] = [lighthouseKind];

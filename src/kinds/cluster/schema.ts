import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {set} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';
import {clusters} from '../../schema/types.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {capacityFields, withCapacityRule} from './capacity-schema.ts';
import {namespaceName, trustFields} from './trust-schema.ts';
import {workloadFields} from './workload-schema.ts';

const ClusterFields = z.object({
  clusterName: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()
    .describe(
      'The name that services and tasks give in `cluster`, where it is no name for a Kubernetes object. Left out, the name of this object.',
    ),
  namespaces: set(namespaceName)
    .max(256)
    .optional()
    .describe('The namespaces whose services and tasks may name this Cluster. With namespaceSelector, these too. Left out both, all.'),
  namespaceSelector: labelSelector().optional().describe('The same by label.'),
  ...capacityFields,
  ...trustFields,
  policy: z
    .enum(['Warn', 'Strict'])
    .default('Warn')
    .describe('Warn: what cannot be carried quite as it is has a note. Strict: it is refused, unless allowedApproximations has it.'),
  allowedApproximations: set(z.string().min(1).max(256))
    .max(100)
    .optional()
    .describe(
      'What Strict lets through: reasons of notes (`ImageTagNotPinned`), or fields with all below them (`containerDefinitions[*].essential`, `[*]` for any index).',
    ),
  ...workloadFields,
});

/** What a user writes of a Cluster. */
export const ClusterSpec = withCapacityRule(ClusterFields).describe('What an ECS cluster is here. All members may be left out.');
export type ClusterSpec = z.output<typeof ClusterSpec>;

/** A field that may be left out is not there at all in what the API server stores. */
type Stored<T> = T extends readonly (infer I)[] ? Stored<I>[] : T extends object ? {[K in keyof T]: Stored<Exclude<T[K], undefined>>} : T;

/** What translations read of a Cluster is part of what users write: this compiles only where it is so. */
export function settingsOf(spec: Stored<ClusterSpec>): ClusterSettings {
  return spec;
}

const count = (what: string) => z.int().min(0).describe(what).optional();

/** So many namespaces stand in the status. */
export const namespacesShown = 100;

export const ClusterStatus = z.object({
  status: z.enum(['ACTIVE', 'INACTIVE']).describe('As describe-clusters says it. INACTIVE: another Cluster has the name.').optional(),
  namespaceCount: count('Namespaces that it covers.'),
  namespaces: z.array(z.string().max(63)).max(namespacesShown).describe(`The first ${namespacesShown} of them.`).optional(),
  activeServicesCount: count('Services that name it, in those namespaces. Counted once a minute.'),
  runningTasksCount: count('Tasks of these services that run.'),
  pendingTasksCount: count('Tasks of these services that do not run yet.'),
});

export type ClusterStatus = z.output<typeof ClusterStatus>;

export const definition = {
  ...clusters,
  singular: 'cluster',
  shortNames: ['ecscl'],
  description:
    'An ECS cluster: on which nodes services and tasks of which namespaces run, which roles they may have, and how exact a translation must be.',
  spec: ClusterSpec,
  status: ClusterStatus,
  columns: [
    {name: 'Namespaces', type: 'integer', jsonPath: '.status.namespaceCount', description: 'Namespaces that it covers.'},
    {name: 'Services', type: 'integer', jsonPath: '.status.activeServicesCount', description: 'Services that name it.'},
    {name: 'Running', type: 'integer', jsonPath: '.status.runningTasksCount', description: 'Tasks that run.'},
    {name: 'Policy', type: 'string', jsonPath: '.spec.policy', description: 'Warn or Strict.', priority: 1},
  ],
  reasons: {
    Active: 'Services and tasks of the namespaces that it covers may name it.',
    ClusterNameTaken: 'An older Cluster has the same name (its own, or clusterName). Services that name it get the older one. Change one.',
    Deleting: 'Services that name it stop being changed, with ClusterNotFound; what runs stays.',
  },
} as const satisfies Definition<ClusterSpec>;

import type * as z from 'zod';
import type {ResourceType} from './resource-type.ts';

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  /** 0 is shown always, 1 only with `-o wide`. */
  readonly priority?: number;
}

/** What a user can write: the only source of its CRD, reference page and types. */
export interface Definition<Spec = unknown> extends ResourceType {
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** One sentence for `kubectl explain`. */
  readonly description: string;
  readonly spec: z.ZodType<Spec>;
  /** The kind's own status fields; `observedGeneration` and `conditions` are added to every kind. */
  readonly status: z.ZodObject;
  /** The kind's own columns; READY, STATUS and AGE are added to every kind. */
  readonly columns: readonly Column[];
  /** The scale subresource, where the kind has one. */
  readonly scale?: {readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath: string};
  /** JSON paths that field selectors may name. */
  readonly selectableFields?: readonly string[];
  /** IAM actions that keeping its objects takes, sorted. */
  readonly actions?: readonly string[];
  /** Every `reason` that the kind's conditions can have, with what it means and what to do. */
  readonly reasons: Readonly<Record<string, string>>;
}

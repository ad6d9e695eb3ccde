import type {KubeObject, Metadata} from '../../schema/object.ts';
import type {NeededSecret} from '../../translate/needs.ts';
import type {Contents} from './contents.ts';

/** Whose Secrets they are, and for what. */
export interface Demand {
  readonly owner: {readonly apiVersion: string; readonly kind: string; readonly metadata: Metadata};
  /** On every Secret of this owner. */
  readonly labels: Readonly<Record<string, string>>;
  readonly needs: readonly NeededSecret[];
  /** Changes when something new is started. Values are read once for each, as ECS reads them when a task starts. */
  readonly deployment: string;
  /** ARN patterns that may be read. */
  readonly allowed: readonly string[];
}

/** Why a value cannot be had. */
export interface Problem {
  readonly reason: 'SecretUnresolved' | 'SecretNotAllowed';
  /** `containerDefinitions[0].secrets[1] (DB_PASSWORD of container app): …`; never a value. */
  readonly message: string;
}

/** What there is of the Secrets that are needed. */
export interface SeenSecrets {
  /** Those that exist, by name, whoever made them: `digests` in the place of contents. */
  readonly present: Readonly<Record<string, KubeObject>>;
  /** What was read for those that have to be written. */
  readonly read: Readonly<Record<string, Contents>>;
  readonly problems: readonly Problem[];
  /** Secrets of the owner that are needed no more. */
  readonly unneeded: readonly KubeObject[];
}

export const noSecrets: SeenSecrets = {present: {}, read: {}, problems: [], unneeded: []};

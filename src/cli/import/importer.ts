import type {Aws, RegistryLocation} from '../../aws/aws.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {Filter} from './filter.ts';

/** Where to read, what to take, and how the objects are to refer to it. */
export interface ImportRequest {
  readonly aws: Aws;
  /** `accountId` and `region` are always named. */
  readonly location: RegistryLocation & {readonly accountId: string; readonly region: string};
  /** The name of the Registry that the objects are in. */
  readonly registry: string;
  /** Left out, the manifests name none, and whoever applies them does. */
  readonly namespace?: string;
  readonly filter: Filter;
  /** Whether what an object of some cluster owns is taken too. */
  readonly includeOwned: boolean;
  /** Things that are read at once. */
  readonly most: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
}

/** What became of one thing in AWS. */
export type Finding =
  /** `notes`: what a person must know of it. */
  | {readonly is: 'object'; readonly object: KubeObject; readonly notes: readonly string[]}
  | {readonly is: 'skipped'; readonly what: string; readonly why: string}
  | {readonly is: 'failed'; readonly what: string; readonly why: string};

/** How the objects of one kind are made from what is in AWS. */
export interface Importer {
  readonly kind: string;
  /** What is counted: `repositories`. */
  readonly things: string;
  /** In any order. Throws Interruption where nothing can be read at all. */
  read(request: ImportRequest): AsyncIterable<Finding>;
}

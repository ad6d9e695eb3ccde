import type {Aws} from '../aws/aws.ts';
import type {Kube} from '../kube/kube.ts';
import type {Cache} from './cache.ts';

/** Everything outside that a kind may touch, handed in by main. */
export interface Doors {
  readonly aws: Aws;
  readonly kube: Kube;
  readonly cache: Cache;
  /** Which cluster this is: the uid of the kube-system namespace. It is part of every ownership tag in AWS. */
  readonly clusterId: string;
  readonly now: () => Date;
  /** Nothing will be carried out: look also where carrying out would tell by itself. */
  readonly isRehearsal?: true;
}

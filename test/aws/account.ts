import {randomBytes} from 'node:crypto';
import {createAws, type ClosableAws} from '../../src/aws/clients.ts';
import type {Doors} from '../../src/kinds/doors.ts';
import {cacheOf} from '../support/walk.ts';

/** Why these tests do not run; undefined where they do. */
export const notAsked =
  process.env['DRAYAGE_TEST_AWS'] === '1' ? undefined : 'set DRAYAGE_TEST_AWS=1 to run against the AWS account of the environment';

/** So that what a run leaves behind is known for what it is. */
export const prefix = `drayage-test-${randomBytes(4).toString('hex')}`;

export interface Account {
  readonly aws: ClosableAws;
  readonly doors: Doors;
  /** The calls made so far, by name. */
  readonly calls: readonly string[];
}

/** The account of the environment, as the operator sees it: its doors, and no cluster. */
export function openAccount(): Account {
  const calls: string[] = [];
  const aws = createAws({environment: process.env, now: () => new Date(), onCall: ({operation}) => calls.push(operation)});
  const doors: Doors = {
    aws,
    kube: undefined as never,
    cache: cacheOf(() => []),
    clusterId: prefix,
    now: () => new Date(),
  };
  return {aws, doors, calls};
}

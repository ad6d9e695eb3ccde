import type {Aws} from '../../aws/aws.ts';
import {registries} from '../../kinds/sources.ts';
import {CommandError} from '../command.ts';
import type {Live} from './world.ts';

interface Seen {
  readonly spec?: {readonly region?: string; readonly roleArn?: string};
  readonly status?: {readonly accountId?: string; readonly region?: string};
}

/**
 * Where a Registry names no role, the operator's own account and region are meant. A plan made elsewhere would be about other
 * repositories: throws CommandError. Without an identity each object says so itself.
 */
export async function refuseOtherAccount(live: Live, aws: Aws): Promise<void> {
  const all = [...(live.get(registries.name) ?? [])].map(([, object]) => ({name: object.metadata.name, seen: object as Seen}));
  const own = all.filter(({seen}) => seen.spec?.roleArn === undefined && seen.status?.accountId !== undefined);
  if (own.length === 0) return;
  const identity = await aws.identity().catch(() => undefined);
  if (identity === undefined) return;
  for (const {name, seen} of own) {
    const {accountId = '', region = ''} = seen.status ?? {};
    const here = seen.spec?.region ?? identity.region;
    if (accountId === identity.accountId && region === here) continue;
    throw new CommandError(
      `the Registry ${name} of the cluster is account ${accountId} in ${region}, and this would plan for account ${identity.accountId} in ${here}: ` +
        'give the --region and --profile of the operator, or --no-cluster',
    );
  }
}

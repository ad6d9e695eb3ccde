import {createKube} from '../../kube/client.ts';
import {type Config, loadConfig} from '../../kube/config.ts';
import {isForbidden} from '../../kube/errors.ts';
import type {Kube} from '../../kube/kube.ts';
import {createTransport} from '../../kube/transport.ts';
import {Interruption} from '../../kinds/outcome.ts';
import {namespaces} from '../../schema/types.ts';
import {timeAndChance} from '../../time-and-chance.ts';
import {CommandError, type Program} from '../command.ts';
import type {ClusterChoice} from './options.ts';

/** A cluster that answers. */
export interface Cluster {
  readonly kube: Kube;
  /** Unknown where the namespace kube-system may not be read. */
  readonly id?: string;
  /** That of the context. */
  readonly namespace: string;
  readonly server: string;
  close(): Promise<void>;
}

/** The cluster, or why there is none. Throws CommandError where one is needed. */
export async function openCluster(choice: ClusterChoice, program: Program): Promise<Cluster | {readonly why: string}> {
  if (choice.is === 'none') return {why: 'no cluster was asked (--no-cluster)'};
  const without = (error: unknown): {readonly why: string} => {
    const message = error instanceof Error ? error.message : String(error);
    if (choice.isNeeded) throw new CommandError(message, {cause: error});
    return {why: `no cluster was asked: ${message}`};
  };
  let config: Config;
  try {
    config = loadConfig({env: program.environment, ...choice});
  } catch (error) {
    return without(error);
  }
  const retry = {attempts: 2, base: 200, longest: 1000, deadline: 10_000};
  const transport = createTransport({version: program.version, config, doors: timeAndChance, retry, timeout: 10_000});
  const kube = createKube(transport);
  const {server} = config.cluster;
  try {
    const id = await idOf(kube);
    return {kube, ...(id !== undefined && {id}), namespace: config.namespace, server, close: () => transport.close()};
  } catch (error) {
    await transport.close();
    return without(new Error(`${server}: ${error instanceof Error ? error.message : String(error)}`, {cause: error}));
  }
}

async function idOf(kube: Kube): Promise<string | undefined> {
  try {
    return (await kube.get({type: namespaces, name: 'kube-system'}))?.metadata.uid;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

async function refuse(): Promise<never> {
  throw new Interruption({is: 'failed', reason: 'ReadOnly', message: 'a plan writes nothing'});
}

/** A cluster that nothing can be written to. */
export function readOnly(kube: Kube): Kube {
  return {...kube, create: refuse, apply: refuse, merge: refuse, delete: refuse};
}

import {callApi, type Access} from './access.ts';
import {until} from './until.ts';
import {unlessItEnds, type Running} from './processes.ts';

interface NodeList {
  readonly items?: readonly {readonly status: {readonly conditions?: readonly {readonly type: string; readonly status: string}[]}}[];
}

/** Returns when the cluster has this many nodes that are Ready; throws when the program that makes them so ends before that. */
export async function nodesReady(running: Running, admin: Access, count: number): Promise<void> {
  const check = async () => {
    const {items = []} = JSON.parse((await callApi(admin, 'GET', '/api/v1/nodes')).text) as NodeList;
    const ready = items.filter(({status}) => status.conditions?.some(({type, status}) => type === 'Ready' && status === 'True'));
    return ready.length >= count;
  };
  await unlessItEnds(running, (signal) => until(`${count} nodes are Ready`, check, {signal}));
}

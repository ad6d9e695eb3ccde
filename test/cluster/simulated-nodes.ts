import path from 'node:path';
import {callApi, type Access} from './access.ts';
import {launch} from './processes.ts';
import {nodesReady} from './ready-nodes.ts';
import {tool} from './tools.ts';

/** Makes `count` nodes on which pods only seem to run, at once, and whatever their image; returns when all are Ready. */
export async function startSimulatedNodes(directory: string, admin: Access, kubeconfig: string, count: number): Promise<void> {
  const kwok = await tool('kwok');
  const stages = path.join(path.dirname(kwok), 'stages.yaml');
  const running = launch(directory, 'kwok', kwok, [
    `--kubeconfig=${kubeconfig}`,
    `--config=${stages}`,
    '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
    '--node-lease-duration-seconds=40',
    '--cidr=10.248.0.0/13',
  ]);
  for (let index = 1; index <= count; index++) {
    const {status, text} = await callApi(admin, 'POST', '/api/v1/nodes', nodeObject(`simulated-${index}`));
    if (status !== 201) throw new Error(`could not make a node: ${text}`);
  }
  await nodesReady(running, admin, count);
}

function nodeObject(name: string): unknown {
  const size = {cpu: '64', memory: '256Gi', pods: '1000', 'ephemeral-storage': '1Ti'};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: {'kwok.x-k8s.io/node': 'fake'},
      labels: {type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64'},
    },
    status: {allocatable: size, capacity: size},
  };
}

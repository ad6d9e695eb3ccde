import {besideMetadata, besideName, podSelector} from './beside.ts';
import type {Context} from './context.ts';
import type {TaskDefinition} from './ecs.ts';

export type NetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';

/** ECS's default on Linux is bridge. */
export function networkModeOf(task: TaskDefinition): NetworkMode {
  return task.networkMode === undefined || task.networkMode === 'default' ? 'bridge' : task.networkMode;
}

/** What a network mode adds to the pod and beside it, and what it cannot keep. */
export function podNetwork(task: TaskDefinition, context: Context): Readonly<Record<string, unknown>> {
  const approximated = (reason: string, message: string): void =>
    context.report({path: 'networkMode', level: 'approximated', reason, message});
  const mode = networkModeOf(task);
  if (mode === 'bridge' && task.containerDefinitions.length > 1) {
    approximated('BridgeNetworkFlattened', 'The containers share one address and reach each other on localhost, as with awsvpc.');
  }
  if (mode === 'none') {
    approximated('NetworkNoneApproximated', 'A NetworkPolicy denies the pod all traffic. It needs a network plugin that enforces it.');
    denyAll(context);
  }
  return mode === 'host' ? {hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet'} : {};
}

/** A policy that names both directions and allows nothing in either. */
function denyAll(context: Context): void {
  context.add({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: besideMetadata(besideName(context, 'no-network'), context),
    spec: {podSelector: {matchLabels: podSelector(context)}, policyTypes: ['Ingress', 'Egress']},
  });
}

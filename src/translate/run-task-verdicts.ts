import type {Verdicts} from './leftovers.ts';
import type {Note} from './note.ts';

type Verdict = Omit<Note, 'path'>;

function ignored(reason: string, message: string): Verdict {
  return {level: 'ignored', reason, message};
}

function refused(reason: string, message: string): Verdict {
  return {level: 'refused', reason, message};
}

/** What becomes of the fields of RunTask that the translators do not read; the paths begin with `runTask.`. */
export const runTaskVerdicts: Verdicts = Object.fromEntries(
  Object.entries({
    cluster: ignored('ClusterIgnored', 'The task runs in the cluster and the namespace where the object is.'),
    clientToken: ignored('ClientTokenIgnored', 'An object is run once, however often it is applied.'),
    launchType: ignored('LaunchTypeIgnored', 'The scheduler of the cluster chooses among all nodes.'),
    platformVersion: ignored('PlatformVersionIgnored', 'It is a version of Fargate.'),
    capacityProviderStrategy: ignored('CapacityProvidersIgnored', 'The scheduler of the cluster chooses among all nodes.'),
    networkConfiguration: ignored(
      'NetworkConfigurationIgnored',
      'Pods have the network of their cluster: its subnets, and its security groups.',
    ),
    placementConstraints: refused(
      'PlacementNotCarried',
      'Placement constraints are not carried yet; remove them to let the pods run on any node.',
    ),
    placementStrategy: ignored(
      'PlacementStrategyIgnored',
      'The scheduler of the cluster spreads the pods over nodes and zones by its own rules.',
    ),
    enableECSManagedTags: ignored('ManagedTagsIgnored', 'Pods have labels for the task and the family instead.'),
    enableExecuteCommand: ignored('ExecuteCommandIgnored', 'Who may use kubectl exec is a matter of RBAC.'),
    volumeConfigurations: refused('VolumeNotCarried', 'EBS volumes are not carried yet; remove them to go on without.'),
    'overrides.inferenceAcceleratorOverrides': refused(
      'InferenceAcceleratorUnavailable',
      'Elastic Inference is no more; remove the field.',
    ),
  } satisfies Verdicts).map(([field, verdict]) => [`runTask.${field}`, verdict]),
);

import type {Verdicts} from './leftovers.ts';
import type {Note} from './note.ts';
import {networkVerdicts} from './verdicts.ts';

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
    ...networkVerdicts,
    'volumeConfigurations[].managedEBSVolume.roleArn': ignored(
      'RoleArnIgnored',
      'The EBS CSI driver makes the volume with its own role; that one needs the permissions.',
    ),
    platformVersion: ignored('PlatformVersionIgnored', 'It is a version of Fargate.'),
    enableECSManagedTags: ignored('ManagedTagsIgnored', 'Pods have labels for the task and the family instead.'),
    enableExecuteCommand: ignored('ExecuteCommandIgnored', 'Who may use kubectl exec is a matter of RBAC.'),
    'overrides.inferenceAcceleratorOverrides': refused(
      'InferenceAcceleratorUnavailable',
      'Elastic Inference is no more; remove the field.',
    ),
  } satisfies Verdicts).map(([field, verdict]) => [`runTask.${field}`, verdict]),
);

import type {KubeObject} from '../../schema/object.ts';

interface Status {
  readonly conditions?: readonly {readonly type: string; readonly status: string; readonly message?: string}[];
  readonly containerStatuses?: readonly Container[];
  readonly initContainerStatuses?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly state?: {readonly waiting?: {readonly reason?: string; readonly message?: string}};
  readonly lastState?: {readonly terminated?: {readonly reason?: string; readonly exitCode?: number}};
}

/** An image that is named by its digest four times, and what the registry says of it. */
const longest = 1024;
/** Waiting for these is the way of every pod, and no trouble. */
const usual = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * What keeps pods from running, in the words of the kubelet and the scheduler: the trouble that most of them have, and how
 * many those are. Undefined where none has any. Names no pod, so that it stays the same from look to look.
 */
export function troubleOf(pods: readonly KubeObject[]): string | undefined {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const trouble = troubleOfOne(pod['status'] ?? {});
    if (trouble !== undefined) counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
  }
  const [worst] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (worst === undefined) return undefined;
  const [text, count] = worst;
  return `${count === 1 ? '1 pod' : `${count} pods`}: ${text}`;
}

function troubleOfOne({conditions = [], initContainerStatuses = [], containerStatuses = []}: Status): string | undefined {
  for (const {name, state, lastState} of [...initContainerStatuses, ...containerStatuses]) {
    const {reason, message = ''} = state?.waiting ?? {};
    if (reason === undefined || usual.has(reason)) continue;
    const ended = lastState?.terminated;
    const before = reason === 'CrashLoopBackOff' && ended !== undefined ? ` after exit code ${ended.exitCode} (${ended.reason ?? ''})` : '';
    return cut(`container ${name}: ${reason}${before === '' ? `: ${message}` : before}`);
  }
  const unscheduled = conditions.find(({type, status}) => type === 'PodScheduled' && status === 'False');
  return unscheduled === undefined ? undefined : cut(`not on a node yet: ${unscheduled.message ?? ''}`);
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

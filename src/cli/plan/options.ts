import {oneOf, readFlags, UsageError} from '../flags.ts';

export const usage = `Usage: drayage plan -f FILE [flags]

Shows what the operator would call on AWS for the objects of some manifests, and why. It is the operator's own plan,
made from what AWS answers now; nothing is written, neither in AWS nor in the cluster.

  -f, --filename FILE   a file, a folder (its .yaml, .yml and .json files), or - for standard input. May be repeated
  -R, --recursive       folders in folders, too
  -n, --namespace NAME  for objects that name none. Default: that of the context, or "default"
  -o, --output FORMAT   text (default), json or yaml
  --detailed-exitcode   0 no call is needed, 1 something failed or needs a person, 2 calls would be made

The cluster that they are for: its Registries, namespaces, and what the operator remembers of the objects
  --kubeconfig FILE     default: $KUBECONFIG, the pod's ServiceAccount, ~/.kube/config
  --context NAME        default: the current one
  --cluster             fail where there is no cluster to ask (--kubeconfig and --context say so, too)
  --no-cluster          ask no cluster
  --cluster-id UID      where no cluster is asked, the uid of its namespace kube-system: tags of ownership hold it
                        (kubectl get namespace kube-system -o jsonpath={.metadata.uid})

AWS
  --region REGION       default: $AWS_REGION
  --profile NAME        a profile of ~/.aws/config; default: $AWS_PROFILE, or the credentials in the environment

Exit status: 0 planned, 1 something failed or needs a person, 2 wrong usage (but see --detailed-exitcode).
`;

const flags = {
  filename: {type: 'string', short: 'f', multiple: true},
  recursive: {type: 'boolean', short: 'R'},
  namespace: {type: 'string', short: 'n'},
  output: {type: 'string', short: 'o'},
  'detailed-exitcode': {type: 'boolean'},
  kubeconfig: {type: 'string'},
  context: {type: 'string'},
  cluster: {type: 'boolean'},
  'cluster-id': {type: 'string'},
  region: {type: 'string'},
  profile: {type: 'string'},
} as const;

export interface PlanOptions {
  readonly files: readonly string[];
  readonly recursive: boolean;
  readonly namespace?: string | undefined;
  readonly output: 'text' | 'json' | 'yaml';
  readonly hasDetailedExit: boolean;
  readonly cluster: ClusterChoice;
  readonly clusterId?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

export type ClusterChoice =
  | {readonly is: 'none'}
  /** `isNeeded`: without one, the command fails; else it goes on and says what it does not know. */
  | {readonly is: 'one'; readonly isNeeded: boolean; readonly kubeconfig?: string; readonly context?: string};

/** Throws UsageError. */
export function planOptions(argv: readonly string[]): PlanOptions {
  const given = readFlags(argv, flags);
  const files = given.filename ?? [];
  if (files.length === 0) throw new UsageError('-f FILE is missing (- is standard input)');
  const cluster = clusterOf(given);
  return {
    files,
    recursive: given.recursive ?? false,
    namespace: given.namespace,
    output: oneOf('output', given.output ?? 'text', ['text', 'json', 'yaml']),
    hasDetailedExit: given['detailed-exitcode'] ?? false,
    cluster,
    clusterId: given['cluster-id'],
    region: given.region,
    profile: given.profile,
  };
}

function clusterOf(given: {
  readonly cluster?: boolean | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}): ClusterChoice {
  const {cluster, kubeconfig, context} = given;
  const names = kubeconfig !== undefined || context !== undefined;
  if (cluster === false && names) throw new UsageError('--no-cluster contradicts --kubeconfig and --context');
  if (cluster === false) return {is: 'none'};
  return {
    is: 'one',
    isNeeded: cluster === true || names,
    ...(kubeconfig !== undefined && {kubeconfig}),
    ...(context !== undefined && {context}),
  };
}

import {oneOf, readArguments, UsageError} from '../flags.ts';

export const usage = `Usage: drayage translate FILE... [flags]

Shows what ECS task definitions become in Kubernetes, and what of them could not be carried over. Nothing is asked and
nothing is changed: neither a cluster nor AWS is needed. Manifests go to standard output, notes to standard error.

  FILE                  RegisterTaskDefinition's input or what describe-task-definition prints, or TaskDefinition,
                        Service, Task and ScheduledTask objects; JSON or YAML with any number of documents; - is
                        standard input
  --service FILE        CreateService's input or what describe-services prints, or a Service object.
                        Default: a service with desiredCount 1
  --run-task FILE       instead of a service: RunTask's input, or a Task or ScheduledTask object
  --cluster FILE        a Cluster object: what the cluster of the service is. Default: the built-in one
  --strict              refuse what can only be approximated (policy: Strict of the Cluster)
  --allow REASON        with --strict: let this through, by the reason of its note or by its path with all below it
                        (containerDefinitions[*].essential); several with commas, or the flag again
  --name NAME           name of the workload. Default: that of the object, the serviceName, or the family
  -n, --namespace NAME  namespace of the objects. Default: that of the object, or none, and kubectl's is used
  -o, --output FORMAT   yaml (default): documents; notes as a table. json: {manifests, notes} in one

Exit status: 0 everything was translated, 1 something was refused (the rest is written), 2 wrong usage.
`;

const flags = {
  service: {type: 'string'},
  cluster: {type: 'string'},
  'run-task': {type: 'string'},
  strict: {type: 'boolean'},
  allow: {type: 'string', multiple: true},
  name: {type: 'string'},
  namespace: {type: 'string', short: 'n'},
  output: {type: 'string', short: 'o'},
} as const;

export interface TranslateOptions {
  readonly files: readonly string[];
  readonly service?: string;
  readonly runTask?: string;
  readonly cluster?: string;
  readonly isStrict: boolean;
  /** What --strict lets through, as a Cluster's allowedApproximations. */
  readonly allowed: readonly string[];
  readonly name?: string;
  readonly namespace?: string;
  readonly output: 'yaml' | 'json';
}

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Throws UsageError. */
export function translateOptions(argv: readonly string[]): TranslateOptions {
  const {values: given, positionals} = readArguments(argv, flags);
  const {service, 'run-task': runTask, cluster, name, namespace, strict: isStrict = false, allow = []} = given;
  const files = [...new Set(positionals)];
  if (files.length === 0) throw new UsageError('FILE is missing (- is standard input)');
  if ([...files, service, runTask, cluster].filter((file) => file === '-').length > 1)
    throw new UsageError('standard input (-) can be read once');
  if (service !== undefined && runTask !== undefined)
    throw new UsageError('--service and --run-task exclude each other: a definition runs in one way');
  if (allow.length > 0 && !isStrict) throw new UsageError('--allow is for --strict: without it nothing is refused for being approximated');
  if (name !== undefined && !label.test(name))
    throw new UsageError(`--name ${name} is no name: it takes at most 63 characters of a-z, 0-9 and "-"`);
  if (namespace !== undefined && !label.test(namespace)) throw new UsageError(`--namespace ${namespace} is no name of a namespace`);
  return {
    files,
    ...(service !== undefined && {service}),
    ...(runTask !== undefined && {runTask}),
    ...(cluster !== undefined && {cluster}),
    isStrict,
    allowed: allow.flatMap((list) => list.split(',')).filter((one) => one !== ''),
    ...(name !== undefined && {name}),
    ...(namespace !== undefined && {namespace}),
    output: oneOf('output', given.output ?? 'yaml', ['yaml', 'json']),
  };
}

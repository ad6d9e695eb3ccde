import {addedName} from './added-objects.ts';
import {besideMetadata} from './beside.ts';
import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import type {EnvVar} from './environment.ts';
import {at} from './field-path.ts';
import {classic, isOneLine, type Section} from './fluent-bit.ts';
import {secretOf} from './secrets.ts';

type Json = Readonly<Record<string, unknown>>;

/** What FireLens adds to the pod, by the name of the container. */
export interface Firelens {
  readonly volumes: readonly Json[];
  readonly env: ReadonlyMap<string, readonly EnvVar[]>;
  readonly mounts: ReadonlyMap<string, readonly Json[]>;
}

const none: Firelens = {volumes: [], env: new Map(), mounts: new Map()};
/** Not to be mistaken for a volume of the task. */
const volume = 'drayage-firelens';

/**
 * The log router as ECS sets it up: its configuration where its image looks for one, and its address in the variables of the
 * containers that log through it. What those print does not come to it: no output of a container can be led into another.
 */
export function firelensOf(task: TaskDefinition, context: Context): Firelens {
  const {containerDefinitions} = task;
  const index = containerDefinitions.findIndex(({firelensConfiguration}) => firelensConfiguration !== undefined);
  const router = containerDefinitions[index];
  if (router?.firelensConfiguration === undefined) return none;
  const path = at('containerDefinitions', index, 'firelensConfiguration');
  reportOthers(containerDefinitions, index, context);
  const users = containerDefinitions.filter(({logConfiguration}) => logConfiguration?.logDriver === 'awsfirelens');
  const message =
    'The router gets what the other containers send to FLUENT_HOST:FLUENT_PORT. What they print goes to the log of the node: Kubernetes leads no output into another container.';
  context.report({path, level: 'approximated', reason: 'FirelensGetsNoOutput', message});
  const address: readonly EnvVar[] = [
    {name: 'FLUENT_HOST', value: '127.0.0.1'},
    {name: 'FLUENT_PORT', value: '24224'},
  ];
  const env = new Map(users.map((user) => [user.name, address.filter(({name}) => !isSet(name, user))]));
  if (router.firelensConfiguration.type === 'fluentd') {
    const why = 'No configuration is written for Fluentd; the one in the image counts.';
    context.report({path: at(path, 'type'), level: 'approximated', reason: 'FirelensConfigNotGenerated', message: why});
    return {...none, env};
  }
  const secrets = users.map((user) => optionsFromSecrets(user, containerDefinitions, context));
  const sections = sectionsOf(task, router, path, users, context);
  const data = {'fluent-bit.conf': classic(sections)};
  const name = addedName(context, 'firelens', data);
  context.add({apiVersion: 'v1', kind: 'ConfigMap', metadata: besideMetadata(name, context), data});
  return {
    volumes: [{name: volume, configMap: {name}}],
    env: new Map([...env, [router.name, secrets.flat()]]),
    mounts: new Map([
      [router.name, [{name: volume, mountPath: '/fluent-bit/etc/fluent-bit.conf', subPath: 'fluent-bit.conf', readOnly: true}]],
    ]),
  };
}

function isSet(variable: string, {environment = [], secrets = []}: ContainerDefinition): boolean {
  return [...environment, ...secrets].some(({name}) => name === variable);
}

function reportOthers(containers: readonly ContainerDefinition[], router: number, {report}: Context): void {
  for (const [index, {firelensConfiguration}] of containers.entries()) {
    if (index === router || firelensConfiguration === undefined) continue;
    const path = at('containerDefinitions', index, 'firelensConfiguration');
    report({path, level: 'refused', reason: 'SecondLogRouter', message: 'A task has one log router; remove this firelensConfiguration.'});
  }
}

/** The agent's own form of it: inputs, the user's file, and one output for each container that logs through it. */
function sectionsOf(
  {family}: TaskDefinition,
  router: ContainerDefinition,
  path: string,
  users: readonly ContainerDefinition[],
  {settings, report}: Context,
): readonly Section[] {
  const options = router.firelensConfiguration?.options ?? {};
  const file = options['config-file-value'];
  const isInImage = options['config-file-type'] === 'file' && file !== undefined && isOneLine(file);
  if (file !== undefined && !isInImage) {
    const message = 'A file in S3 is not loaded; put it into the image of the router and name it with config-file-type file.';
    for (const key of ['config-file-type', 'config-file-value']) {
      report({path: at(path, 'options', key), level: 'approximated', reason: 'FirelensCustomConfigNotLoaded', message});
    }
  }
  const revision = settings.revision === undefined ? family : `${family}:${settings.revision}`;
  const metadata: Section = {
    is: 'filter',
    entries: [
      ['Name', 'record_modifier'],
      ['Match', '*'],
      ['Record', `ecs_task_definition ${revision}`],
    ],
  };
  return [
    {
      is: 'input',
      entries: [
        ['Name', 'forward'],
        ['Listen', '127.0.0.1'],
        ['Port', '24224'],
      ],
    },
    ...(options['enable-ecs-log-metadata'] === 'false' ? [] : [metadata]),
    ...(isInImage ? [{is: 'include' as const, entries: [['file', file] as const]}] : []),
    ...users.flatMap((user) => outputOf(user)),
  ];
}

function outputOf({name, logConfiguration}: ContainerDefinition): readonly Section[] {
  const {options = {}, secretOptions = []} = logConfiguration ?? {};
  const entries = [
    ...Object.entries(options).filter(
      ([key, value]) => isOneLine(value) && !/^(log-driver-buffer-limit|include-pattern|exclude-pattern)$/.test(key),
    ),
    ...secretOptions.map((option) => [option.name, `\${${variableOf(option.name, name)}}`] as const),
  ];
  const output = entries.find(([key]) => key.toLowerCase() === 'name');
  if (output === undefined) return [];
  const match = `${name}-firelens*`;
  return [{is: 'output', entries: [output, ['Match', match], ...entries.filter((entry) => entry !== output)]}];
}

function optionsFromSecrets(user: ContainerDefinition, all: readonly ContainerDefinition[], context: Context): readonly EnvVar[] {
  const {secretOptions = []} = user.logConfiguration ?? {};
  if (secretOptions.length === 0) return [];
  const list = at('containerDefinitions', all.indexOf(user), 'logConfiguration', 'secretOptions');
  const reference = secretOf(secretOptions, {list, what: 'firelens-secrets', container: user.name}, context);
  return secretOptions.map(({name}) => ({name: variableOf(name, user.name), valueFrom: {secretKeyRef: reference(name)}}));
}

function variableOf(option: string, container: string): string {
  return `${option}_${container}`.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

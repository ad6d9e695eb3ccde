import {addedName} from './added-objects.ts';
import {besideMetadata} from './beside.ts';
import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {fingerprint} from './fingerprint.ts';
import {classic, isOneLine, yaml, type Section} from './fluent-bit.ts';
import {outputOf, type LogOptions} from './log-output.ts';
import {labelName} from './names.ts';
import {secretOf} from './secrets.ts';

type Strings = Readonly<Record<string, string>>;

/** On ConfigMaps that the Fluent Bit of the nodes is to include. */
export const nodeLogsLabel = 'ecs.drayage.dev/logs';

/** `logConfiguration` of each container as it stands, for whoever collects the logs of nodes. */
export function logsAnnotation({containerDefinitions}: TaskDefinition): Strings {
  const configured = containerDefinitions.flatMap(({name, logConfiguration}) =>
    logConfiguration === undefined ? [] : [[labelName(name), {...logConfiguration}]],
  );
  return configured.length === 0 ? {} : {[nodeLogsLabel]: JSON.stringify(Object.fromEntries(configured))};
}

/** Configuration for the Fluent Bit of the nodes, where the Cluster has one; and what becomes of each logConfiguration. */
export function addNodeLogs(task: TaskDefinition, context: Context): void {
  const {logs = {}} = context.cluster;
  const sections = task.containerDefinitions.flatMap((container, index) => {
    if (container.logConfiguration === undefined) return [];
    const path = at('containerDefinitions', index, 'logConfiguration');
    if (logs.provider === 'FluentBit') return sectionsOf(container, path, context);
    reportUncollected(container, path, context);
    return [];
  });
  if (sections.length === 0) return;
  const isYaml = logs.format === 'Yaml';
  const data = isYaml ? {'fluent-bit.yaml': yaml(sections)} : {'fluent-bit.conf': classic(sections)};
  const metadata = besideMetadata(addedName(context, 'logs', 'node'), context);
  context.add({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {...metadata, labels: {...metadata.labels, [nodeLogsLabel]: 'fluent-bit'}},
    data,
  });
}

function reportUncollected({logConfiguration}: ContainerDefinition, path: string, {report}: Context): void {
  if (logConfiguration?.logDriver === 'json-file' || logConfiguration?.logDriver === 'journald') {
    const message = 'What the container prints goes to the log of its node, which the kubelet rotates by settings of its own.';
    report({path, level: 'approximated', reason: 'LogRotationIgnored', message});
    return;
  }
  const message =
    'What the container prints goes to the log of its node, where kubectl logs finds it, and no further by itself. The annotation ecs.drayage.dev/logs of the pod says what is asked for here; with logs.provider FluentBit of the Cluster there is a configuration for the collector, too.';
  report({path, level: 'approximated', reason: 'LogRouterMissing', message});
}

function sectionsOf(container: ContainerDefinition, path: string, context: Context): readonly Section[] {
  const {logDriver = '', options = {}} = container.logConfiguration ?? {};
  const secrets = secretVariablesOf(container, path, context);
  const output = outputOf(logDriver, {...options, ...secrets}, labelName(container.name));
  const approximated = (where: string, reason: string, message: string): void =>
    context.report({path: where, level: 'approximated', reason, message});
  if (output === undefined) {
    if (logDriver === 'json-file' || logDriver === 'journald') reportUncollected(container, path, context);
    else approximated(path, 'LogDriverNotTranslated', untranslated);
    return [];
  }
  for (const [key, why] of Object.entries(output.ignored)) approximated(at(path, 'options', key), 'LogOptionIgnored', why);
  approximated(path, logDriver === 'awsfirelens' ? 'FirelensRewrittenToNodeAgent' : 'LogDriverTranslated', rewritten);
  if (logDriver === 'awslogs' && options['awslogs-create-group'] !== 'true') {
    const message = 'The group must exist. Where it does not, ECS starts no task; here the pods run and the lines are lost.';
    approximated(at(path, 'options', 'awslogs-group'), 'LogGroupMissing', message);
  }
  const isSafe = ([key, value]: readonly [string, string]): boolean => {
    if (isOneLine(value) || Object.values(secrets).includes(value)) return true;
    approximated(at(path, 'options', key), 'LogOptionIgnored', 'The value has more than one line, or names a variable of the collector.');
    return false;
  };
  const match = ['match_regex', matchOf(container.name, context)] as const;
  const grep = output.grep.filter(isSafe);
  return [
    ...(grep.length === 0 ? [] : [{is: 'filter' as const, entries: [['name', 'grep'] as const, match, ...grep]}]),
    {is: 'output', entries: [...output.entries.slice(0, 1), match, ...output.entries.slice(1).filter(isSafe)]},
  ];
}

const untranslated =
  'It names no address, or an output that the collector of the nodes is not given: what the container prints stays in the log of its node.';
const rewritten =
  'The collector of the nodes sends what the container prints, with its own identity; a ConfigMap with the label ecs.drayage.dev/logs has the configuration that it must include.';

/** `secretOptions`: variables that the collector must have from a Secret. */
function secretVariablesOf({name, logConfiguration}: ContainerDefinition, path: string, context: Context): LogOptions {
  const {secretOptions = []} = logConfiguration ?? {};
  if (secretOptions.length === 0) return {};
  const list = at(path, 'secretOptions');
  const reference = secretOf(secretOptions, {list, what: 'log-secrets', container: name}, context);
  return Object.fromEntries(
    secretOptions.map((option, index) => {
      const {name: secret, key} = reference(option.name);
      const variable = `LOG_${fingerprint(`${context.settings.namespace ?? ''} ${secret} ${key}`).toUpperCase()}`;
      const message = `The collector needs the variable ${variable}, with what is under ${key} in the Secret ${secret}.`;
      context.report({path: at(list, index), level: 'approximated', reason: 'LogSecretForCollector', message});
      return [option.name, `\${${variable}}`];
    }),
  );
}

/** The files of one container in the pods of the workload, as Fluent Bit's tail names them: none of a workload whose name only begins so. */
function matchOf(container: string, {settings, form}: Context): string {
  const letters = '[bcdfghjklmnpqrstvwxz2456789]';
  const pod = `${escape(settings.name)}${form === 'service' ? `-${letters}{1,10}` : ''}-${letters}{5}`;
  const namespace = settings.namespace === undefined ? '[^_]+' : escape(settings.namespace);
  return `^[^.]+\\.var\\.log\\.containers\\.${pod}_${namespace}_${escape(labelName(container))}-[0-9a-f]{64}\\.log$`;
}

function escape(text: string): string {
  return text.replaceAll('.', '\\.');
}

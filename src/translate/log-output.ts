import type {Section} from './fluent-bit.ts';

export type LogOptions = Readonly<Record<string, string>>;

/** An output of Fluent Bit that does what a log driver did, and what it leaves out. */
export interface LogOutput {
  /** Without what it matches. */
  readonly entries: Section['entries'];
  /** Lines that are kept or left out before, as `grep` has them. */
  readonly grep: Section['entries'];
  /** Options that have no effect, with why. */
  readonly ignored: Readonly<Record<string, string>>;
}

type Entry = readonly [string, string];
const nodes = 'Which records are taken, and files of the node, are not for a task to say.';
const noSuch = 'Fluent Bit has nothing like it.';

/** Undefined where a driver has no counterpart. `prefix` is what ECS puts before the name of a stream. */
export function outputOf(driver: string, options: LogOptions, container: string): LogOutput | undefined {
  switch (driver) {
    case 'awslogs':
      return awslogs(options, container);
    case 'awsfirelens':
      return firelens(options);
    case 'splunk':
      return splunk(options);
    case 'fluentd':
      return toAddress('forward', options, 'fluentd-address', '24224');
    case 'gelf':
      return toAddress('gelf', options, 'gelf-address', '12201');
    case 'syslog':
      return toAddress('syslog', options, 'syslog-address', '514');
    default:
      return undefined;
  }
}

function awslogs(options: LogOptions, container: string): LogOutput {
  const known = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix', 'awslogs-create-group', 'awslogs-endpoint'];
  const prefix = options['awslogs-stream-prefix'];
  // ECS: prefix/container/task; what stands for a task here is a pod.
  const stream = prefix === undefined ? '' : `${prefix}/${container}/`;
  return {
    entries: [
      ['name', 'cloudwatch_logs'],
      ...given('region', options['awslogs-region']),
      ...given('log_group_name', options['awslogs-group']),
      ['log_stream_prefix', stream === '' ? `${container}/` : stream],
      ['log_stream_template', `${stream}$kubernetes['pod_name']`],
      ['log_key', 'log'],
      ['auto_create_group', options['awslogs-create-group'] === 'true' ? 'true' : 'false'],
      ...given('endpoint', options['awslogs-endpoint']),
    ],
    grep: [],
    ignored: ignoredBeside(options, known, {
      'awslogs-datetime-format': 'Each line is an event by itself; let the collector join lines with its multiline filter.',
      'awslogs-multiline-pattern': 'Each line is an event by itself; let the collector join lines with its multiline filter.',
      mode: 'A container never waits for its log here.',
      'max-buffer-size': 'A container never waits for its log here.',
    }),
  };
}

/** Outputs that take records somewhere else. Those that write files, run programs or print would do so on the node. */
const outputs =
  /^(cloudwatch(_logs)?|kinesis(_firehose|_streams)?|firehose|s3|splunk|datadog|nrlogs|newrelic|es|opensearch|forward|http|loki|gelf|syslog|kafka|opentelemetry|stackdriver|azure|null)$/i;
/** Whose records are taken, and what is read or written on the node, is not the task's to say. */
const collectors = /^(match|match_regex|alias|name|@type|upstream|include-pattern|exclude-pattern|.*(_file|_dir|_path|\.file|\.dir))$/i;

function isTaken(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.]*$/.test(key) && !collectors.test(key);
}

function firelens(options: LogOptions): LogOutput | undefined {
  const name = Object.entries(options).find(([key]) => key.toLowerCase() === 'name')?.[1];
  if (name === undefined || !outputs.test(name)) return undefined;
  const known = Object.keys(options).filter((key) => isTaken(key) || /^(name|include-pattern|exclude-pattern)$/i.test(key));
  return {
    entries: [['name', name], ...Object.entries(options).filter(([key]) => isTaken(key))],
    grep: [...given('regex', inLog(options['include-pattern'])), ...given('exclude', inLog(options['exclude-pattern']))],
    ignored: ignoredBeside(options, known, {
      'log-driver-buffer-limit': 'A container never waits for its log here.',
      ...Object.fromEntries(
        Object.keys(options)
          .filter((key) => collectors.test(key))
          .map((key) => [key, nodes]),
      ),
    }),
  };
}

function splunk(options: LogOptions): LogOutput | undefined {
  const url = urlOf(options['splunk-url']);
  if (url === undefined) return undefined;
  const isPlain = url.protocol === 'http:';
  return {
    entries: [
      ['name', 'splunk'],
      ['host', url.hostname],
      ['port', url.port === '' ? (isPlain ? '80' : '443') : url.port],
      ['tls', isPlain ? 'off' : 'on'],
      ...given('tls.verify', options['splunk-insecureskipverify'] === 'true' ? 'off' : undefined),
      ...given('splunk_token', options['splunk-token']),
      ...given('event_source', options['splunk-source']),
      ...given('event_sourcetype', options['splunk-sourcetype']),
      ...given('event_index', options['splunk-index']),
    ],
    grep: [],
    ignored: ignoredBeside(
      options,
      ['splunk-url', 'splunk-token', 'splunk-source', 'splunk-sourcetype', 'splunk-index', 'splunk-insecureskipverify'],
      {},
    ),
  };
}

function toAddress(name: string, options: LogOptions, key: string, port: string): LogOutput | undefined {
  const address = options[key];
  const url = urlOf(address?.includes('://') === true ? address : `tcp://${address ?? ''}`);
  if (url === undefined || url.hostname === '') return undefined;
  const mode = url.protocol.replace(/:$/, '');
  return {
    entries: [
      ['name', name],
      ['host', url.hostname],
      ['port', url.port === '' ? port : url.port],
      ...(name === 'forward' ? [] : given('mode', mode)),
      ...(name === 'gelf' ? given('gelf_short_message_key', 'log') : name === 'syslog' ? given('syslog_message_key', 'log') : []),
    ],
    grep: [],
    ignored: ignoredBeside(options, [key], {}),
  };
}

function ignoredBeside(options: LogOptions, known: readonly string[], why: LogOptions): LogOptions {
  const others = Object.keys(options).filter((key) => !known.includes(key));
  return Object.fromEntries(others.map((key) => [key, (Object.hasOwn(why, key) ? why[key] : undefined) ?? noSuch]));
}

function given(key: string, value: string | undefined): readonly Entry[] {
  return value === undefined || value === '' ? [] : [[key, value]];
}

function inLog(pattern: string | undefined): string | undefined {
  return pattern === undefined ? undefined : `log ${pattern}`;
}

function urlOf(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

import * as z from 'zod';
import {table} from './reference.ts';
import {yamlText} from './text.ts';

const object = z.record(z.string(), z.unknown());
const list = z.array(z.unknown());
const strings = z.record(z.string(), z.string());

/** What a user of the chart can set: the source of values.yaml, values.schema.json and the table in the chart's README. */
export const ChartValues = z.strictObject({
  image: z
    .strictObject({
      repository: z.string().min(1).default('ghcr.io/drayage/drayage').describe('Where the image is.'),
      tag: z.string().default('').describe("The image's tag. Empty: the chart's appVersion."),
      digest: z
        .string()
        .regex(/^(sha256:[0-9a-f]{64})?$/)
        .default('')
        .describe('`sha256:…`. Wins over the tag.'),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('When the kubelet pulls.'),
    })
    .prefault({})
    .describe("The operator's image."),
  imagePullSecrets: list.default([]).describe("Secrets for the operator's own image: `[{name: …}]`."),
  replicas: z.int().min(0).default(2).describe('Replicas. One acts (leader election), the others stand by.'),
  aws: z
    .strictObject({
      region: z.string().default('').describe('AWS_REGION. Empty: what EKS sets for IRSA and Pod Identity.'),
      roleArn: z
        .string()
        .regex(/^(arn:[^:]+:iam::\d{12}:role\/.+)?$/)
        .default('')
        .describe('IAM role for IRSA: becomes the annotation of the ServiceAccount. Leave it empty with EKS Pod Identity.'),
    })
    .prefault({})
    .describe("The operator's AWS identity."),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info').describe('How much is logged.'),
  resyncSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(600)
    .describe('How long a settled object is left before it is compared with AWS again.'),
  crds: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Install and upgrade the CRDs with the chart.'),
      keep: z.boolean().default(true).describe('Leave the CRDs, and so all objects, behind on `helm uninstall`.'),
    })
    .prefault({})
    .describe('Custom resource definitions.'),
  rbac: z
    .strictObject({
      aggregate: z
        .boolean()
        .default(true)
        .describe('Let the roles view, edit and admin read, and edit and admin write, the namespaced kinds.'),
      serviceAccountTokens: z
        .boolean()
        .default(false)
        .describe(
          'Let the operator ask for tokens of every ServiceAccount, for pull secrets with the identity of ServiceAccounts. With it the operator can act as any of them; a Role for each that is meant is narrower.',
        ),
      volumes: z
        .boolean()
        .default(true)
        .describe(
          'Let the operator make PersistentVolumes, StorageClasses and VolumeSnapshotContents, for task definitions with volumes of EFS, S3 Files, NFS and EBS. Without it Services that have such volumes are stalled (Forbidden).',
        ),
    })
    .prefault({})
    .describe('Roles.'),
  serviceAccount: z
    .strictObject({
      create: z.boolean().default(true).describe('Create the ServiceAccount.'),
      name: z.string().default('drayage').describe('Its name: what an EKS Pod Identity association or an IRSA trust policy names.'),
      annotations: strings.default({}).describe('More annotations.'),
    })
    .prefault({})
    .describe("The operator's ServiceAccount."),
  serviceAccountAdmission: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Let the API server name the pull secrets in ServiceAccounts that are created, so that no pod is quicker than the operator. Needs Kubernetes 1.36; left out on older ones.',
        ),
    })
    .prefault({})
    .describe('A MutatingAdmissionPolicy for new ServiceAccounts.'),
  roleAdmission: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Let the API server refuse task definitions whose role their Cluster does not allow (`allowedRoles`). The operator makes nothing of them in any case.',
        ),
    })
    .prefault({})
    .describe('A ValidatingAdmissionPolicy for the roles of task definitions.'),
  resources: object
    .default({requests: {cpu: '50m', memory: '128Mi'}, limits: {memory: '512Mi'}})
    .describe("The container's requests and limits."),
  podAnnotations: strings.default({}).describe('Annotations of the pods.'),
  podLabels: strings.default({}).describe('More labels of the pods.'),
  nodeSelector: strings.default({}).describe('Which nodes.'),
  tolerations: list.default([]).describe('Which taints are tolerated.'),
  affinity: object.default({}).describe('Affinity of the pods.'),
  priorityClassName: z.string().default('').describe('Priority class of the pods, such as system-cluster-critical.'),
  extraEnv: list.default([]).describe('More environment variables: `[{name: …, value: …}]`.'),
  podDisruptionBudget: z
    .strictObject({enabled: z.boolean().default(true).describe('At most one pod is evicted at a time (with two replicas or more).')})
    .prefault({})
    .describe('Voluntary disruptions.'),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Let in probes and metrics; let out the API server, AWS, DNS and Pod Identity. No more.'),
      apiPorts: z.array(z.int().min(1).max(65_535)).default([443, 6443]).describe('TCP ports of the API server, AWS and registries.'),
      metricsFrom: list.default([]).describe('Who may read metrics, as NetworkPolicyPeers. Empty: anyone in the cluster.'),
      extraEgress: list.default([]).describe('More egress rules, for a proxy or endpoints on other ports.'),
    })
    .prefault({})
    .describe('Network policy of the pods.'),
  serviceMonitor: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Create a ServiceMonitor. Needs the CRDs of the Prometheus operator.'),
      interval: z.string().default('30s').describe('How often metrics are read.'),
      labels: strings.default({}).describe('Labels that Prometheus selects ServiceMonitors by.'),
    })
    .prefault({})
    .describe('Metrics, for the Prometheus operator.'),
  prometheusRule: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Create a PrometheusRule with the alerts of files/alerts.yaml. Needs the CRDs of the Prometheus operator.'),
      labels: strings.default({}).describe('Labels that Prometheus selects PrometheusRules by.'),
      additionalRules: list.default([]).describe('More alerting or recording rules.'),
    })
    .prefault({})
    .describe('Alerts, for the Prometheus operator.'),
  nameOverride: z.string().default('').describe('Replaces the name of the chart in the names of its objects.'),
  fullnameOverride: z.string().default('').describe('Replaces the whole name of its objects.'),
  global: object.optional().describe('Set by Helm for sub-charts; not read.'),
});

interface Value {
  readonly path: string;
  readonly description: string;
  readonly value: unknown;
  readonly members: readonly Value[];
}

/** values.yaml: every value with its default, under a comment that says what it is. */
export function valuesYaml(): string {
  return lines(values(), '').join('\n').trimStart().concat('\n');
}

/** values.schema.json: Helm refuses a value that does not exist. Draft 7, which every Helm 3 and 4 reads. */
export function valuesSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(ChartValues, {target: 'draft-7', io: 'input', reused: 'inline'}), undefined, 2)}\n`;
}

const begin = '<!-- values: generated by `make generate` -->';
const end = '<!-- /values -->';

/** The chart's README with its table of values brought up to date. Throws where the marks are missing. */
export function valuesReadme(readme: string): string {
  const [before, rest] = [readme.split(begin)[0], readme.split(end)[1]];
  if (before === undefined || rest === undefined) throw new TypeError(`the chart's README lacks ${begin} or ${end}`);
  const leaves = (value: Value): readonly Value[] => (value.members.length > 0 ? value.members.flatMap(leaves) : [value]);
  const rows = values()
    .flatMap(leaves)
    .map(({path, description, value}) => [`\`${path}\``, `\`${JSON.stringify(value)}\``, description]);
  return [before + begin, ...table(['Value', 'Default', 'What it is'], rows), end + rest].join('\n');
}

function values(): readonly Value[] {
  return members(ChartValues, ChartValues.parse({}), '');
}

function members(schema: z.ZodType, value: unknown, above: string): readonly Value[] {
  if (schema instanceof z.ZodPrefault) return members(schema.unwrap() as z.ZodType, value, above);
  if (!(schema instanceof z.ZodObject)) return [];
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>)
    .filter(([name]) => given[name] !== undefined)
    .map(([name, field]) => ({
      path: above + name,
      description: field.description ?? '',
      value: given[name],
      members: members(field, given[name], `${above}${name}.`),
    }));
}

function lines(given: readonly Value[], indent: string): readonly string[] {
  return given.flatMap(({path, description, value, members}) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const text =
      members.length > 0
        ? [`${name}:`, ...lines(members, '  ')]
        : yamlText({[name]: value})
            .trimEnd()
            .split('\n');
    const blank = indent === '' ? [''] : [];
    return [...blank, `${indent}# ${description}`, ...text.map((line) => indent + line)];
  });
}

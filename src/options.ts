import * as z from 'zod';
import {readFlags, UsageError} from './cli/flags.ts';

const address = z.string().regex(/^(0|[^\s:]*:\d{1,5})$/, 'expected HOST:PORT or :PORT, or 0 to switch it off');

/** How the operator runs. Flags win over environment variables; both are named in `usage`. */
export const OperatorOptions = z.object({
  /** pino's levels. */
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  /** How long a settled object is left before it is compared with AWS again, give or take 10 %. */
  resyncSeconds: z.coerce.number().min(1).max(86_400).default(600),
  /** Whether replicas elect one that acts. Off, every replica acts: only for one replica. */
  leaderElect: z.stringbool().default(true),
  leaderElectionNamespace: z.string().min(1).default('drayage-system'),
  /** Client-go's defaults: 15, 10 and 2 seconds. */
  leaseSeconds: z.coerce.number().min(1).max(300).default(15),
  healthBindAddress: address.default(':8081'),
  metricsBindAddress: address.default(':8080'),
  /** Walks under way at once, for each kind. */
  workers: z.coerce.number().int().min(1).max(256).default(8),
  /** Where the kubeconfig is; left out, KUBECONFIG, the pod's ServiceAccount or ~/.kube/config, as kubectl looks for them. */
  kubeconfig: z.string().optional(),
});
export type OperatorOptions = z.infer<typeof OperatorOptions>;

const flags = {
  'log-level': {type: 'string'},
  'resync-seconds': {type: 'string'},
  'leader-elect': {type: 'string'},
  'leader-election-namespace': {type: 'string'},
  'lease-seconds': {type: 'string'},
  'health-bind-address': {type: 'string'},
  'metrics-bind-address': {type: 'string'},
  workers: {type: 'string'},
  kubeconfig: {type: 'string'},
} as const;

export const usage = `Usage: drayage operator [flags]

Runs the operator until SIGTERM.

  --log-level LEVEL                 trace, debug, info (default), warn or error
  --resync-seconds N                compare settled objects with AWS again after N seconds (default 600)
  --leader-elect true|false         elect one replica that acts (default true)
  --leader-election-namespace NAME  where the Lease is (default: $POD_NAMESPACE, or drayage-system)
  --lease-seconds N                 how long a dead leader is waited for (default 15)
  --health-bind-address [HOST]:PORT /healthz and /readyz (default :8081; 0 switches it off)
  --metrics-bind-address [HOST]:PORT /metrics (default :8080; 0 switches it off)
  --workers N                       objects of one kind that are worked on at once (default 8)
  --kubeconfig FILE                 default: $KUBECONFIG, the pod's ServiceAccount, ~/.kube/config

AWS: AWS_REGION, and credentials by IRSA (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN), EKS Pod Identity
(AWS_CONTAINER_CREDENTIALS_FULL_URI) or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The node's role is never used.
`;

/** The options of `drayage operator`. Throws UsageError. */
export function operatorOptions(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): OperatorOptions {
  const given = readFlags(argv, flags);
  const parsed = OperatorOptions.safeParse({
    logLevel: given['log-level'],
    resyncSeconds: given['resync-seconds'],
    leaderElect: given['leader-elect'],
    leaderElectionNamespace: given['leader-election-namespace'] ?? environment['POD_NAMESPACE'],
    leaseSeconds: given['lease-seconds'],
    healthBindAddress: given['health-bind-address'],
    metricsBindAddress: given['metrics-bind-address'],
    workers: given['workers'],
    kubeconfig: given['kubeconfig'],
  });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `--${kebab(issue.path.join('.'))}: ${issue.message}`);
  throw new UsageError(lines.join('\n'));
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

import type {KubeObject} from '../../schema/object.ts';
import type {Condition} from '../conditions.ts';
import type {Gauge, Sample} from '../kind.ts';

/** What is read of the status of a pull secret, of either kind. Times are RFC 3339. */
interface PullSecretStatus {
  readonly namespaces?: {readonly selected: number; readonly ready: number; readonly failed: number};
  readonly registries?: readonly {readonly registry: string; readonly expiresAt: string; readonly refreshedAt: string}[];
  readonly nextRefresh?: string;
  readonly conditions?: readonly Pick<Condition, 'type' | 'status'>[];
}

const states = ['selected', 'ready', 'failed'] as const;

/**
 * What /metrics shows of pull secrets. Moments are Unix times, as the metrics of certificates have them: a number of seconds
 * that are left would be wrong between two walks, and `metric - time()` gives it at any moment.
 */
export const pullSecretGauges: readonly Gauge[] = [
  perRegistry('drayage_pull_secret_expiry_timestamp_seconds', 'Unix time at which the oldest copy of the token expires', 'expiresAt'),
  perRegistry('drayage_pull_secret_refresh_timestamp_seconds', 'Unix time at which that token was first written', 'refreshedAt'),
  {
    name: 'drayage_pull_secret_next_refresh_timestamp_seconds',
    help: 'Unix time at which the next token is due; once it has passed, the refresh is late by that much',
    labels: [],
    samples: (object) => moment({}, statusOf(object).nextRefresh),
  },
  {
    name: 'drayage_pull_secret_namespaces',
    help: 'Namespaces that should have the secret (selected), that have it (ready), and that could not be served (failed)',
    labels: ['state'],
    samples(object) {
      const {namespaces} = statusOf(object);
      return namespaces === undefined ? [] : states.map((state) => ({labels: {state}, value: namespaces[state]}));
    },
  },
  {
    name: 'drayage_pull_secret_refresh_failing',
    help: '1 while a registry gave no token when it was last asked, else 0',
    labels: [],
    samples(object) {
      const asked = statusOf(object).conditions?.find(({type}) => type === 'TokenRefreshed');
      return asked === undefined || asked.status === 'Unknown' ? [] : [{labels: {}, value: asked.status === 'False' ? 1 : 0}];
    },
  },
];

function perRegistry(name: string, help: string, field: 'expiresAt' | 'refreshedAt'): Gauge<'registry'> {
  return {
    name,
    help,
    labels: ['registry'],
    samples: (object) => (statusOf(object).registries ?? []).flatMap((entry) => moment({registry: entry.registry}, entry[field])),
  };
}

function moment<Label extends string>(labels: Readonly<Record<Label, string>>, time: string | undefined): readonly Sample<Label>[] {
  const value = time === undefined ? Number.NaN : Date.parse(time) / 1000;
  return Number.isFinite(value) ? [{labels, value}] : [];
}

/** Of one that is being deleted, nothing: its secrets go, and nobody should be woken for them. */
function statusOf(object: KubeObject): PullSecretStatus {
  if (object.metadata.deletionTimestamp !== undefined) return {};
  return object['status'] ?? {};
}

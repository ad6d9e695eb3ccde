import type {Kube} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {secrets} from '../../src/schema/types.ts';
import {pooled} from '../support/pull-secret-fleet.ts';
import {seconds} from './row.ts';

export interface BareLoop {
  /** Creates one Secret in each namespace, by server-side apply. Each answers in Secrets a second. */
  create(): Promise<number>;
  /** Writes each anew, by server-side apply, with the fields of a pull secret. */
  apply(): Promise<number>;
  /** Writes each anew, by merge patches of nothing but its content and annotations. */
  merge(): Promise<number>;
}

const name = 'bare';
const key = '.dockerconfigjson';

/**
 * What a rotation is measured against: Secrets like the pull secret `like`, written by a plain loop with the operator's own client
 * and as many calls under way, by nobody who watches, compares or plans. The operator does not see them.
 */
export function bareLoop(
  kube: Kube,
  like: KubeObject,
  {namespaces, inFlight}: {readonly namespaces: readonly string[]; readonly inFlight: number},
): BareLoop {
  const {annotations = {}, ownerReferences = []} = like.metadata;
  const document = (like['data'] as Readonly<Record<string, string>>)[key] ?? '';
  let round = 0;

  async function loop(write: (namespace: string, changed: Changed) => Promise<unknown>): Promise<number> {
    round += 1;
    const [first] = Object.keys(annotations);
    // Of the same length, and another text in each round.
    const mark = Buffer.from(String(round).padStart(9, '0')).toString('base64');
    const changed = {
      data: {[key]: document.slice(0, -24) + mark + document.slice(-12)},
      annotations: {...annotations, [first ?? 'round']: mark},
    };
    const took = await seconds(() => pooled(namespaces, inFlight, (namespace) => write(namespace, changed)));
    return namespaces.length / took;
  }

  const apply = () =>
    loop((namespace, {data, annotations: marked}) => {
      const labels = {'app.kubernetes.io/managed-by': 'bench', 'bench.drayage.dev/owner': 'bare'};
      const metadata = {name, namespace, labels, annotations: marked, ownerReferences};
      const object = {apiVersion: secrets.apiVersion, kind: secrets.kind, metadata, type: 'kubernetes.io/dockerconfigjson', data};
      return kube.apply(secrets, object, {force: true, fieldManager: 'bench-bare'});
    });
  return {
    create: apply,
    apply,
    merge: () =>
      loop((namespace, {data, annotations: marked}) =>
        kube.merge({type: secrets, namespace, name}, {metadata: {annotations: marked}, data}),
      ),
  };
}

interface Changed {
  readonly data: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

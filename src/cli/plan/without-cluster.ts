import type {Kube} from '../../kube/kube.ts';
import {Interruption} from '../../kinds/outcome.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {ObjectPlan} from './object-plan.ts';
import {isOf, keyOf} from './world.ts';

/** In the place of the cluster's own. No owner tag in AWS begins so. */
export const unknownClusterId = 'unknown-cluster';

async function refuse(): Promise<never> {
  throw new Interruption({is: 'failed', reason: 'NoCluster', message: 'this needs a cluster: give --context'});
}

/** A cluster that has what is in the files, and nothing else. */
export function noKube(manifests: readonly KubeObject[]): Kube {
  const list = (type: Parameters<Kube['list']>[0], namespace?: string) => ({
    items: manifests.filter((object) => isOf(type, object) && (namespace === undefined || object.metadata.namespace === namespace)),
    resourceVersion: '',
  });
  return {
    get: async ({type, name, namespace}) => list(type).items.find((object) => keyOf(object) === `${namespace ?? ''}/${name}`),
    page: async (type, options) => list(type, options?.namespace),
    list: async (type, options) => list(type, options?.namespace),
    create: refuse,
    apply: refuse,
    merge: refuse,
    delete: refuse,
    serviceAccountToken: refuse,
    watch: () => {
      throw new TypeError('a plan watches nothing');
    },
  };
}

/** What depends on whose something is cannot be said without the id of the cluster. */
export function withoutJudgement(plan: ObjectPlan): ObjectPlan {
  const {then} = plan;
  if (then === undefined || !then.reason.endsWith('NotOwned')) return plan;
  return {
    ...plan,
    then: {...then, message: `${then.message} (or it is this cluster's own: that could not be judged without --cluster-id)`},
  };
}

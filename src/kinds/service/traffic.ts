import type {KubeObject} from '../../schema/object.ts';
import {deploymentLabel, serviceLabel} from '../../translate/deployment.ts';

/**
 * The core Services of a service so that their traffic reaches the pods of one deployment only; without `id`, those of all.
 * Objects that are none stay as they are.
 */
export function directed(beside: readonly KubeObject[], service: string, id: string | undefined): readonly KubeObject[] {
  if (id === undefined) return beside;
  return beside.map((object) => {
    const spec = object.spec as {selector?: Readonly<Record<string, string>>} | undefined;
    if (object.kind !== 'Service' || object.apiVersion !== 'v1' || spec?.selector?.[serviceLabel] !== service) return object;
    return {...object, spec: {...spec, selector: {...spec.selector, [deploymentLabel]: id}}};
  });
}

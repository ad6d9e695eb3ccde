import type {Condition} from '../conditions.ts';
import type {KubeObject} from '../../schema/object.ts';
import {imagesIn} from './running-images.ts';

/** Whether a pod may be why a Repository's lifecycle policy is held back. Asked for each change of a pod, so the pod comes first. */
export function isHeldBackBy(pod: KubeObject, repository: KubeObject, name: string): boolean {
  const images = imagesIn(pod);
  if (images.length === 0 || !isHeldBack(repository)) return false;
  return images.some((image) => image.includes(`/${name}:`) || image.includes(`/${name}@`));
}

function isHeldBack(repository: KubeObject): boolean {
  const {conditions = []} = (repository['status'] ?? {}) as {readonly conditions?: readonly Condition[]};
  return conditions.some(
    ({type, status, reason}) => type === 'Stalled' && status === 'True' && reason === 'LifecycleWouldExpireRunningImage',
  );
}

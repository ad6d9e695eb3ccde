import type {KubeObject} from '../../schema/object.ts';
import type {SecretStep} from '../needed-secrets/plan.ts';

export type TaskStep =
  /** Something that the Job needs. */
  | {readonly is: 'apply'; readonly call: string; readonly why: string; readonly object: KubeObject}
  | {readonly is: 'secret'; readonly call: string; readonly why: string; readonly secret: SecretStep}
  /** Something in no namespace, which would stay when the task goes. */
  | {readonly is: 'delete'; readonly call: string; readonly why: string; readonly object: KubeObject}
  | {readonly is: 'run'; readonly call: 'RunTask'; readonly why: string; readonly job: KubeObject}
  | {
      readonly is: 'stop';
      readonly call: 'StopTask';
      readonly why: string;
      readonly pod: KubeObject;
      readonly patch: Readonly<Record<string, unknown>>;
    }
  /** A pod that is on no node has nothing to be told, and no log. */
  | {readonly is: 'remove'; readonly call: 'StopTask'; readonly why: string; readonly pod: KubeObject}
  /** No pod may be made any more. */
  | {readonly is: 'suspend'; readonly call: 'StopTask'; readonly why: string; readonly job: KubeObject}
  | {readonly is: 'expire'; readonly call: 'DeleteTask'; readonly why: string; readonly task: KubeObject};

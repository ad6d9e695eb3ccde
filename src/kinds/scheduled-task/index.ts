import {ecsApiVersion} from '../../schema/types.ts';
import {controllerName} from '../../translate/revision.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {tasks} from '../sources.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan, type ScheduledTaskStep} from './plan.ts';
import {definition, type ScheduledTaskSpec} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  {
    source: tasks,
    keys(task) {
      const name = controllerName(task, ecsApiVersion, definition.kind);
      const {namespace} = task.metadata;
      return name === undefined ? [] : [namespace === undefined ? {name} : {name, namespace}];
    },
  },
];

const access: readonly Access[] = [
  // Kubernetes asks for it where an object has blockOwnerDeletion in its ownerReferences.
  {apiGroups: ['ecs.drayage.dev'], resources: ['scheduledtasks/finalizers'], verbs: ['update']},
  {apiGroups: ['ecs.drayage.dev'], resources: ['tasks'], verbs: ['get', 'list', 'watch', 'create', 'delete']},
];

/** A schedule of EventBridge whose target is an ECS task: a Task for each time that is due. */
export const scheduledTask = {
  definition,
  watches,
  access,
  finalizer: false,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ScheduledTaskSpec, Observed, ScheduledTaskStep>;

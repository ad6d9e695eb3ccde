import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {KubeObject} from '../schema/object.ts';
import type {Context} from './context.ts';
import {originalsOf} from './deployment.ts';
import type {TaskDefinition} from './ecs.ts';
import {endingContainers, essentialAnnotation} from './endings.ts';
import {familyLabel, groupLabel, startedByLabel, taskDefinitionAnnotation, taskLabel} from './labels.ts';
import {labelName, labelValue} from './names.ts';
import {placed} from './placement/placed.ts';
import {placementOf} from './placement/placement.ts';
import {podOf} from './pod.ts';
import type {RunTaskInput} from './run-task-input.ts';

/** ECS moves no task to another node; a pod that is moved would be a task that is stopped and not run again. */
const keptInPlace = {'karpenter.sh/do-not-disrupt': 'true', 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false'};

type Strings = Readonly<Record<string, string>>;

/** A Job's name is part of the host name of its pods, which end with their number. */
const longestJobName = 60;

export function jobName(task: string): string {
  return labelName(task, longestJobName);
}

/**
 * The Job that RunTask makes: `count` pods that each run once, whatever becomes of the others. Indexed with no retry of an index,
 * because with a plain `backoffLimit: 0` the first pod that fails takes the others with it.
 */
export function jobOf(task: TaskDefinition, run: RunTaskInput, context: Context): KubeObject {
  const {settings, report} = context;
  const count = run.count ?? 1;
  const {labels, annotations} = metadataOf(task, run, context);
  const placement = placementOf(task, {where: run, root: 'runTask', group: {[groupLabel]: labels[groupLabel] ?? ''}}, context);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(settings.name),
      ...(settings.namespace === undefined ? {} : {namespace: settings.namespace}),
      labels,
      annotations,
    },
    spec: {
      completions: count,
      parallelism: count,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      template: {
        metadata: {labels: {...placement.podLabels, ...labels}, annotations: {...annotations, ...keptInPlace}},
        spec: placed(podOf(task, context), placement, report),
      },
    },
  };
}

function metadataOf(task: TaskDefinition, run: RunTaskInput, {settings, report}: Context): {labels: Strings; annotations: Strings} {
  const {group = `family:${task.family}`, startedBy, referenceId} = run;
  if (run.propagateTags === 'SERVICE') {
    const message = 'A task that is run by itself has no service; use TASK_DEFINITION or NONE.';
    report({path: 'runTask.propagateTags', level: 'refused', reason: 'PropagateTagsOfService', message});
  }
  const own = tagsOf(task);
  const tags = {...(run.propagateTags === 'TASK_DEFINITION' ? own : {}), ...tagsOf(run)};
  return {
    labels: {
      [managedByLabel]: managedBy,
      [familyLabel]: labelValue(task.family),
      [taskLabel]: labelValue(settings.name),
      [groupLabel]: labelValue(group),
      ...(startedBy === undefined ? {} : {[startedByLabel]: labelValue(startedBy)}),
    },
    annotations: {
      [taskDefinitionAnnotation]: settings.revision === undefined ? task.family : `${task.family}:${settings.revision}`,
      [essentialAnnotation]: endingContainers(task),
      ...(Object.keys(own).length === 0 ? {} : {'ecs.drayage.dev/task-definition-tags': JSON.stringify(own)}),
      ...(Object.keys(tags).length === 0 ? {} : {'ecs.drayage.dev/tags': JSON.stringify(tags)}),
      [groupLabel]: group,
      ...(startedBy === undefined ? {} : {[startedByLabel]: startedBy}),
      ...(referenceId === undefined ? {} : {'ecs.drayage.dev/reference-id': referenceId}),
      ...originalsOf(task),
    },
  };
}

function tagsOf({tags = []}: {readonly tags?: TaskDefinition['tags']}): Strings {
  return Object.fromEntries(tags.map(({key, value}) => [key, value ?? '']));
}

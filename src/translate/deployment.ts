import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {KubeObject} from '../schema/object.ts';
import type {Context} from './context.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import {familyLabel, serviceLabel, taskDefinitionAnnotation} from './labels.ts';
import {logsAnnotation} from './logs.ts';
import {labelName, labelValue} from './names.ts';
import type {Report} from './note.ts';
import {podOf} from './pod.ts';
import {isEssential} from './rules.ts';
import {rolloutOf} from './rollout.ts';

export {familyLabel, serviceLabel, taskDefinitionAnnotation};

type Strings = Readonly<Record<string, string>>;

/** The Deployment that a service is. */
export function deploymentOf(task: TaskDefinition, service: ServiceInput, context: Context): KubeObject {
  const {settings, report} = context;
  reportHealth(task, report);
  const selected = {[serviceLabel]: labelValue(settings.name)};
  const labels = {[managedByLabel]: managedBy, [familyLabel]: labelValue(task.family), ...selected};
  const revision = settings.revision === undefined ? task.family : `${task.family}:${settings.revision}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: settings.name,
      ...(settings.namespace === undefined ? {} : {namespace: settings.namespace}),
      labels,
      annotations: {
        [taskDefinitionAnnotation]: revision,
        ...tagsAnnotation('ecs.drayage.dev/task-definition-tags', task.tags),
        ...tagsAnnotation('ecs.drayage.dev/tags', service.tags),
      },
    },
    spec: {
      ...rolloutOf(service, report),
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 600,
      selector: {matchLabels: selected},
      template: {
        metadata: {labels, annotations: {[taskDefinitionAnnotation]: revision, ...originalsOf(task), ...logsAnnotation(task)}},
        spec: podOf(task, context),
      },
    },
  };
}

function reportHealth(task: TaskDefinition, report: Report): void {
  if (task.containerDefinitions.some((container) => isEssential(container) && container.healthCheck !== undefined)) return;
  const message = 'With no health check a pod counts as healthy as soon as its containers run; ECS waits 40 seconds longer.';
  report({path: 'containerDefinitions', level: 'approximated', reason: 'CountedHealthyAtOnce', message});
}

function tagsAnnotation(key: string, tags: TaskDefinition['tags']): Strings {
  return tags === undefined ? {} : {[key]: JSON.stringify(Object.fromEntries(tags.map((tag) => [tag.key, tag.value ?? ''])))};
}

/** What has no field in a pod, kept as JSON by container: Docker's labels, and names that Kubernetes would not take. */
function originalsOf(task: TaskDefinition): Strings {
  const renamed = task.containerDefinitions.filter(({name}) => labelName(name) !== name).map(({name}) => [labelName(name), name]);
  const labelled = task.containerDefinitions.flatMap(({name, dockerLabels}) =>
    dockerLabels === undefined ? [] : [[labelName(name), {...dockerLabels}]],
  );
  return {
    ...(renamed.length === 0 ? {} : {'ecs.drayage.dev/container-names': JSON.stringify(Object.fromEntries(renamed))}),
    ...(labelled.length === 0 ? {} : {'ecs.drayage.dev/docker-labels': JSON.stringify(Object.fromEntries(labelled))}),
  };
}

import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {KubeObject} from '../schema/object.ts';
import type {Context} from './context.ts';
import {daemonRolloutOf} from './daemon.ts';
import {deploymentSettingsOf, type Strategy} from './deployment-settings.ts';
import type {ServiceInput, TaskDefinition} from './ecs.ts';
import {endingsAnnotation} from './endings.ts';
import {deploymentLabel, familyLabel, serviceLabel, taskDefinitionAnnotation} from './labels.ts';
import {withGracePeriod} from './grace-period.ts';
import {logsAnnotation} from './logs.ts';
import {labelName, labelValue} from './names.ts';
import type {Report} from './note.ts';
import {placed} from './placement/placed.ts';
import {placementOf} from './placement/placement.ts';
import {podOf} from './pod.ts';
import {isEssential} from './rules.ts';
import {checkController, rolloutOf} from './rollout.ts';
import {reportOptions} from './service-options.ts';

export {deploymentLabel, familyLabel, serviceLabel, taskDefinitionAnnotation};

type Strings = Readonly<Record<string, string>>;

/** What a service is: a Deployment, or with schedulingStrategy DAEMON a DaemonSet. */
export function deploymentOf(task: TaskDefinition, service: ServiceInput, context: Context): KubeObject {
  const {settings, report} = context;
  checkController(service, report);
  reportOptions(service, report);
  const {strategy} = deploymentSettingsOf(service, report);
  reportStrategy(strategy, report);
  const isHealthChecked = task.containerDefinitions.some((container) => isEssential(container) && container.healthCheck !== undefined);
  const selected = {[serviceLabel]: labelValue(settings.name)};
  const labels = {[managedByLabel]: managedBy, [familyLabel]: labelValue(task.family), ...selected};
  const isDaemon = service.schedulingStrategy === 'DAEMON';
  const isBalanced = service.availabilityZoneRebalancing === 'ENABLED';
  if (isBalanced) reportBalance(isDaemon, report);
  const placement = placementOf(task, {where: service, root: 'service', group: selected, isDaemon, isBalanced}, context);
  const revision = settings.revision === undefined ? task.family : `${task.family}:${settings.revision}`;
  const pod = podOf(task, context);
  const grace = service.healthCheckGracePeriodSeconds;
  if (grace !== undefined && grace > 0 && !isHealthChecked) reportGrace(report);
  return {
    apiVersion: 'apps/v1',
    kind: isDaemon ? 'DaemonSet' : 'Deployment',
    metadata: {
      name: settings.name,
      ...(settings.namespace === undefined ? {} : {namespace: settings.namespace}),
      labels,
      annotations: {
        [taskDefinitionAnnotation]: revision,
        ...tagsAnnotation('ecs.drayage.dev/task-definition-tags', task.tags),
        ...tagsAnnotation(tagsKey, service.tags),
      },
    },
    spec: {
      ...(isDaemon ? daemonRolloutOf(service, report) : rolloutOf(service, report)),
      revisionHistoryLimit: 3,
      ...(isDaemon ? {} : {progressDeadlineSeconds: 600}),
      ...(isHealthChecked ? {} : {minReadySeconds: healthySeconds}),
      selector: {matchLabels: selected},
      template: {
        metadata: {
          labels: {...placement.podLabels, ...labels},
          annotations: {
            [taskDefinitionAnnotation]: revision,
            ...propagatedTags(task, service),
            ...endingsAnnotation(task, context),
            ...originalsOf(task),
            ...logsAnnotation(task),
          },
        },
        spec: placed(grace === undefined ? pod : withGracePeriod(pod, grace), placement, report),
      },
    },
  };
}

/** How long ECS waits before a task without a health check counts as healthy, in seconds. */
export const healthySeconds = 40;
const tagsKey = 'ecs.drayage.dev/tags';

function reportGrace(report: Report): void {
  const message = 'No container has a healthCheck that it could delay; what a load balancer finds stops no pods here.';
  report({path: 'service.healthCheckGracePeriodSeconds', level: 'ignored', reason: 'HealthCheckGraceIgnored', message});
}

function reportBalance(isDaemon: boolean, report: Report): void {
  const path = 'service.availabilityZoneRebalancing';
  if (isDaemon) {
    const message = 'A DAEMON service has one task on each node that fits, whatever its zone.';
    return report({path, level: 'ignored', reason: 'RebalancingUnavailable', message});
  }
  const message =
    'New tasks are spread over the zones, where no placementStrategy says otherwise. Those that run are not moved: a descheduler does that.';
  report({path, level: 'approximated', reason: 'RebalancingUnavailable', message});
}

function reportStrategy(strategy: Strategy, report: Report): void {
  const path = 'service.deploymentConfiguration.strategy';
  if (strategy === 'BLUE_GREEN') {
    const message = "Traffic moves at once, by the selector of the service's Kubernetes Services; there is no traffic for tests alone.";
    report({path, level: 'approximated', reason: 'TrafficMovedBySelector', message});
  } else if (strategy !== 'ROLLING') {
    const message = 'Shares of the traffic are shares of the pods behind the same Kubernetes Service, as near as whole pods come.';
    report({path, level: 'approximated', reason: 'TrafficSharedByPods', message});
  }
}

function propagatedTags(task: TaskDefinition, {propagateTags, tags}: ServiceInput): Strings {
  if (propagateTags === 'SERVICE') return tagsAnnotation(tagsKey, tags);
  return propagateTags === 'TASK_DEFINITION' ? tagsAnnotation(tagsKey, task.tags) : {};
}

function tagsAnnotation(key: string, tags: TaskDefinition['tags']): Strings {
  return tags === undefined ? {} : {[key]: JSON.stringify(Object.fromEntries(tags.map((tag) => [tag.key, tag.value ?? ''])))};
}

/** What has no field in a pod, kept as JSON by container: Docker's labels, and names that Kubernetes would not take. */
export function originalsOf(task: TaskDefinition): Strings {
  const renamed = task.containerDefinitions.filter(({name}) => labelName(name) !== name).map(({name}) => [labelName(name), name]);
  const labelled = task.containerDefinitions.flatMap(({name, dockerLabels}) =>
    dockerLabels === undefined ? [] : [[labelName(name), {...dockerLabels}]],
  );
  return {
    ...(renamed.length === 0 ? {} : {'ecs.drayage.dev/container-names': JSON.stringify(Object.fromEntries(renamed))}),
    ...(labelled.length === 0 ? {} : {'ecs.drayage.dev/docker-labels': JSON.stringify(Object.fromEntries(labelled))}),
  };
}

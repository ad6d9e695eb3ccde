import {pauseStages, type DeploymentConfiguration} from './deployment-configuration.ts';
import type {ServiceInput} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

export type Strategy = 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
export type PauseStage = (typeof pauseStages)[number];

/** How many tasks of a deployment may fail. Percentages are of desiredCount. */
export interface Threshold {
  readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT';
  readonly value: number;
}

export interface CircuitBreaker {
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
  readonly threshold: Threshold;
}

/** A stage at which a deployment waits until someone lets it go on. */
export interface Pause {
  readonly stage: PauseStage;
  readonly timeoutMinutes: number;
  readonly action: 'CONTINUE' | 'ROLLBACK';
}

/** What a service says about its deployments beyond what its Deployment says itself, with ECS's defaults filled in. */
export interface DeploymentSettings {
  readonly strategy: Strategy;
  /** Percent of the production traffic, one for each step, the last of them 100. */
  readonly shares: readonly number[];
  /** Between two of these steps. */
  readonly stepMinutes: number;
  /** After all traffic has moved, before the deployment is complete. */
  readonly bakeMinutes: number;
  readonly circuitBreaker?: CircuitBreaker;
  /** Complete as soon as so many percent of desiredCount are healthy. */
  readonly earlySuccess?: {readonly healthyPercent: number; readonly waitsForCleanup: boolean};
  readonly pauses: readonly Pause[];
}

/** Reads them and reports what of them is not carried as it stands. */
export function deploymentSettingsOf(service: ServiceInput, report: Report): DeploymentSettings {
  const {deploymentConfiguration: configuration = {}} = service;
  const {strategy = 'ROLLING', bakeTimeInMinutes: bakeMinutes = 0} = configuration;
  const circuitBreaker = circuitBreakerOf(configuration, report);
  const earlySuccess = strategy === 'ROLLING' ? earlySuccessOf(configuration, report) : undefined;
  return {
    strategy,
    ...sharesOf(strategy, configuration),
    bakeMinutes,
    ...(circuitBreaker === undefined ? {} : {circuitBreaker}),
    ...(earlySuccess === undefined ? {} : {earlySuccess}),
    pauses: pausesOf(strategy, configuration, report),
  };
}

const root = 'service.deploymentConfiguration';

function circuitBreakerOf({deploymentCircuitBreaker: asked}: DeploymentConfiguration, report: Report): CircuitBreaker | undefined {
  if (asked === undefined) return undefined;
  const {enable, rollback = false, resetOnHealthyTask = true, thresholdConfiguration = {}} = asked;
  const {type = 'BOUNDED_PERCENT', value = 50} = thresholdConfiguration;
  if (!enable) return undefined;
  const message = 'A failed task is an exit of an essential container, or a try to start one that failed: the pod stays, and tries again.';
  report({path: at(root, 'deploymentCircuitBreaker'), level: 'approximated', reason: 'FailedTasksCountedInPods', message});
  return {rollback, resetOnHealthyTask, threshold: {type, value}};
}

function earlySuccessOf({earlySuccessCriteria: asked, minimumHealthyPercent = 100}: DeploymentConfiguration, report: Report) {
  if (asked === undefined) return undefined;
  const {enable, healthyPercent, sourceServiceRevisionCleanup} = asked;
  if (!enable) return undefined;
  if (healthyPercent === undefined || healthyPercent < minimumHealthyPercent) {
    const message = `It must be there, and at least minimumHealthyPercent (${minimumHealthyPercent}).`;
    report({path: at(root, 'earlySuccessCriteria', 'healthyPercent'), level: 'refused', reason: 'InvalidField', message});
  }
  return {healthyPercent: healthyPercent ?? 100, waitsForCleanup: sourceServiceRevisionCleanup !== 'DEFERRED'};
}

/** Steps of a linear deployment: 10, 20, … 100 by default. A canary is one step before all. */
function sharesOf(
  strategy: Strategy,
  {linearConfiguration, canaryConfiguration}: DeploymentConfiguration,
): Pick<DeploymentSettings, 'shares' | 'stepMinutes'> {
  if (strategy === 'LINEAR') {
    const {stepPercent = 10, stepBakeTimeInMinutes: stepMinutes = 6} = linearConfiguration ?? {};
    const count = Math.ceil(100 / stepPercent);
    return {shares: Array.from({length: count}, (_, index) => Math.min(100, (index + 1) * stepPercent)), stepMinutes};
  }
  if (strategy === 'CANARY') {
    const {canaryPercent = 5, canaryBakeTimeInMinutes: stepMinutes = 10} = canaryConfiguration ?? {};
    return {shares: canaryPercent < 100 ? [canaryPercent, 100] : [100], stepMinutes};
  }
  return {shares: [100], stepMinutes: 0};
}

function pausesOf(strategy: Strategy, {lifecycleHooks = []}: DeploymentConfiguration, report: Report): readonly Pause[] {
  return lifecycleHooks.flatMap(({targetType = 'AWS_LAMBDA', lifecycleStages = [], timeoutConfiguration}, index) => {
    const asked = [...lifecycleStages];
    const path = at(root, 'lifecycleHooks', index);
    const {timeoutInMinutes: timeoutMinutes = 1440, action = 'ROLLBACK'} = timeoutConfiguration ?? {};
    if (targetType === 'AWS_LAMBDA') {
      const message =
        'Lambda functions are not called. Use a hook of targetType PAUSE, and let what the function does annotate the Service with ecs.drayage.dev/continue.';
      report({path, level: 'refused', reason: 'LambdaHookUnsupported', message});
      return [];
    }
    return asked.flatMap((stage, which) => {
      const here = at(path, 'lifecycleStages', which);
      const pause = pauseStages.find((one) => one === stage);
      if (pause === undefined) {
        report({path: here, level: 'refused', reason: 'InvalidField', message: `A hook PAUSE cannot stand at ${stage}.`});
        return [];
      }
      if (!isReached(pause, strategy)) {
        report({
          path: here,
          level: 'ignored',
          reason: 'StageNotReached',
          message: `A deployment of strategy ${strategy} has no such stage here.`,
        });
        return [];
      }
      return [{stage: pause, timeoutMinutes, action}];
    });
  });
}

function isReached(stage: PauseStage, strategy: Strategy): boolean {
  if (stage === 'RECONCILE_SERVICE') return false;
  return strategy !== 'ROLLING' || stage === 'PRE_SCALE_UP' || stage === 'POST_SCALE_UP';
}

import type {CircuitBreaker, DeploymentSettings, Strategy} from '../../translate/deployment-settings.ts';
import {stepsOf, type Step, type Way} from './stages.ts';

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** The deployment that the service is about, as the status remembers it. Times are RFC 3339. */
export interface Rollout {
  /** Which deployment: the same definition of the service and its tasks has the same. */
  readonly id: string;
  readonly state: RolloutState;
  readonly reason: string;
  readonly createdAt: string;
  /** When `state` has become what it is. */
  readonly updatedAt: string;
  readonly failedTasks: number;
  /** Failures that its pods show and that are counted, or forgiven, already. */
  readonly failuresSeen: number;
  /** Index of its step, and since when. */
  readonly step: number;
  readonly since: string;
  /** Its steps are those of this strategy. */
  readonly strategy: Strategy;
  /** It goes back, or there was nothing before it; left out, it replaces another. */
  readonly way?: Way | undefined;
  /** What the annotation that lets it go on said when it began: an answer to another question. */
  readonly answeredBefore?: string | undefined;
}

/** A deployment that has failed and is not tried again, until another is asked for. */
export interface Failed {
  readonly id: string;
  readonly reason: string;
  readonly failedTasks: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly taskDefinition: string;
}

/** How a deployment is, by its workload and its pods. */
export interface Facts {
  /** Failed tasks in all of its pods, over their lives. */
  readonly failures: number;
  readonly hasHealthy: boolean;
  /** Tasks of it have run, and were stopped by their health checks. */
  readonly isUnhealthy: boolean;
  readonly ready: number;
  /** Its workload has as many pods as this step wants, all of them new and available. */
  readonly isDone: boolean;
  /** There is nothing of any other deployment. */
  readonly isAlone: boolean;
}

export interface Given {
  readonly settings: DeploymentSettings;
  readonly desired: number;
  /** The deployment that is asked for. */
  readonly wanted: string;
  readonly wantedTask: string;
  /** The one to go back to: the last that was completed, as it would be made now. */
  readonly steady?: string;
  /** Whether pods of another deployment run, which the new one replaces. */
  readonly isFirst: boolean;
  readonly rollout?: Rollout;
  readonly failed?: Failed;
  readonly factsOf: (id: string, step: Step | undefined) => Facts;
  /** The annotation by which someone ends a pause. */
  readonly answer?: string;
  readonly now: Date;
}

export interface Decision {
  readonly rollout: Rollout;
  readonly failed?: Failed;
  /** Which of both is deployed. */
  readonly target: 'wanted' | 'steady';
  /** Undefined where all steps are done. */
  readonly step?: Step;
  /**
   * It has just come to this step. That is written down before anything is done for it: what is done changes what it was
   * decided by.
   */
  readonly isFresh: boolean;
  /** A pause that someone has to end: what to write, and until when it waits. */
  readonly pause?: {readonly key: string; readonly until: string};
}

/** What becomes of a service's deployment: it begins, goes on, waits, completes, fails, or is taken back. Pure. */
export function decide(given: Given): Decision {
  const {wanted, steady} = given;
  const failed = given.failed?.id === wanted ? given.failed : undefined;
  // Where what it went back to is gone, it stays as it is.
  const id = failed === undefined ? wanted : (steady ?? given.rollout?.id ?? wanted);
  const begun = given.rollout?.id === id ? restarted(given.rollout, given) : begin(id, failed, given);
  const rollout = counted(begun, given);
  if (rollout.state !== 'IN_PROGRESS') return decision(rollout, failed, given);
  const limit = given.settings.circuitBreaker && thresholdOf(given.settings.circuitBreaker, given.desired);
  if (limit !== undefined && rollout.failedTasks >= limit) {
    return fail(
      rollout,
      `ECS deployment circuit breaker: ${causeOf(given, id)}.`,
      given.settings.circuitBreaker?.rollback === true,
      failed,
      given,
    );
  }
  const advanced = advance(rollout, given);
  if (advanced === 'ROLLBACK') return fail(rollout, `ECS deployment ${nameOf(id)} was not let go on.`, true, failed, given);
  return decision(advanced, failed, given);
}

/** ECS's own bounds of the default type: at least 3, at most 200. */
export function thresholdOf({threshold: {type, value}}: CircuitBreaker, desired: number): number {
  if (type === 'COUNT') return value;
  const share = Math.ceil((desired * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}

/** What someone writes instead of a stage to take the deployment back. */
export const goBack = 'ROLLBACK';

export function nameOf(id: string): string {
  return `ecs-svc/${id}`;
}

function begin(id: string, failed: Failed | undefined, {now, answer, factsOf, settings, isFirst}: Given): Rollout {
  const at = timeOf(now);
  const reason =
    failed === undefined
      ? `ECS deployment ${nameOf(id)} in progress.`
      : `ECS deployment circuit breaker: rolling back to deploymentId ${nameOf(id)}.`;
  return {
    id,
    state: 'IN_PROGRESS',
    reason,
    createdAt: at,
    updatedAt: at,
    failedTasks: 0,
    // What its pods went through before is no fault of this deployment.
    failuresSeen: factsOf(id, undefined).failures,
    step: 0,
    since: at,
    strategy: settings.strategy,
    ...wayOf(failed, isFirst),
    ...(answer === undefined ? {} : {answeredBefore: answer}),
  };
}

function wayOf(failed: Failed | undefined, isFirst: boolean): {readonly way?: Way} {
  if (failed !== undefined) return {way: 'BACK'};
  return isFirst ? {way: 'FIRST'} : {};
}

/** The steps of another strategy are taken from their beginning. */
function restarted(rollout: Rollout, {settings: {strategy}, now}: Given): Rollout {
  if (rollout.strategy === strategy || rollout.state !== 'IN_PROGRESS') return rollout;
  return {...rollout, strategy, step: 0, since: timeOf(now)};
}

function counted(rollout: Rollout, {factsOf, settings}: Given): Rollout {
  if (rollout.state !== 'IN_PROGRESS') return rollout;
  const {failures, hasHealthy} = factsOf(rollout.id, undefined);
  const more = Math.max(0, failures - rollout.failuresSeen);
  const isForgiven = hasHealthy && settings.circuitBreaker?.resetOnHealthyTask !== false;
  return {...rollout, failuresSeen: failures, failedTasks: isForgiven ? 0 : rollout.failedTasks + more};
}

function causeOf({factsOf}: Given, id: string): string {
  return factsOf(id, undefined).isUnhealthy ? 'tasks failed container health checks' : 'tasks failed to start';
}

function fail(rollout: Rollout, reason: string, mayGoBack: boolean, before: Failed | undefined, given: Given): Decision {
  const {now, steady, wantedTask} = given;
  const at = timeOf(now);
  const ended: Rollout = {...rollout, state: 'FAILED', reason, updatedAt: at};
  if (!mayGoBack || rollout.way === 'BACK' || steady === undefined || steady === rollout.id) return decision(ended, before, given);
  const {id, failedTasks, createdAt} = ended;
  const failed: Failed = {id, reason, failedTasks, createdAt, updatedAt: at, taskDefinition: wantedTask};
  return decision(begin(steady, failed, given), failed, given);
}

/** Through every step that need not wait; stops at each that changes something, so that the next look sees it done. */
function advance(rollout: Rollout, given: Given): Rollout | 'ROLLBACK' {
  const steps = stepsOf(given.settings, rollout.way);
  let {since} = rollout;
  let step = Math.min(rollout.step, steps.length - 1);
  for (;;) {
    const here = steps[step];
    if (here === undefined) return complete({...rollout, step, since}, given.now);
    const answer = answerAt(here, {...rollout, step, since}, given);
    if (answer === 'ROLLBACK') return answer;
    if (answer === 'WAIT' || !isOver(here, rollout.id, since, given)) return {...rollout, step, since};
    step += 1;
    since = timeOf(given.now);
    if (isActing(steps[step])) return {...rollout, step, since};
  }
}

function isActing(step: Step | undefined): boolean {
  return step?.stage === 'SCALE_UP' || step?.stage === 'PRODUCTION_TRAFFIC_SHIFT' || step?.stage === 'CLEAN_UP';
}

function isOver(step: Step, id: string, since: string, {factsOf, settings, desired, now}: Given): boolean {
  if (now.getTime() - Date.parse(since) < step.minutes * 60_000) return false;
  const facts = factsOf(id, step);
  if (step.stage === 'SCALE_UP') return settings.strategy === 'ROLLING' ? isScaled(facts, settings, desired) : facts.isDone;
  if (step.stage === 'PRODUCTION_TRAFFIC_SHIFT') return facts.isDone;
  return step.stage !== 'CLEAN_UP' || facts.isAlone;
}

function isScaled({isDone, isAlone, ready}: Facts, {earlySuccess}: DeploymentSettings, desired: number): boolean {
  if (isDone || earlySuccess === undefined) return isDone;
  const isEnough = ready > 0 && ready >= Math.ceil((desired * earlySuccess.healthyPercent) / 100);
  return isEnough && (isAlone || !earlySuccess.waitsForCleanup);
}

function answerAt(step: Step, rollout: Rollout, given: Given): 'GO_ON' | 'WAIT' | 'ROLLBACK' {
  const {settings, now} = given;
  const pause = settings.pauses.find(({stage}) => stage === step.stage);
  if (pause === undefined || rollout.way === 'BACK') return 'GO_ON';
  if (isAnswer(given, goBack, rollout)) return 'ROLLBACK';
  if (isAnswer(given, step.key, rollout)) return 'GO_ON';
  if (now.getTime() < Date.parse(endOf(rollout.since, pause.timeoutMinutes))) return 'WAIT';
  return pause.action === 'CONTINUE' ? 'GO_ON' : 'ROLLBACK';
}

/** Written with the deployment's id it always counts; without, only where it was not there before the deployment began. */
function isAnswer({answer}: Given, text: string, {id, answeredBefore}: Rollout): boolean {
  return answer === `${text}.${id}` || (answer === text && answer !== answeredBefore);
}

function complete(rollout: Rollout, now: Date): Rollout {
  const reason = `ECS deployment ${nameOf(rollout.id)} completed.`;
  return {...rollout, state: 'COMPLETED', reason, updatedAt: timeOf(now)};
}

function decision(rollout: Rollout, failed: Failed | undefined, given: Given): Decision {
  const {settings, wanted} = given;
  const step = rollout.state === 'COMPLETED' ? undefined : stepsOf(settings, rollout.way)[rollout.step];
  const pause = step === undefined || rollout.state === 'FAILED' ? undefined : pauseAt(step, rollout, given);
  return {
    rollout,
    ...(failed === undefined ? {} : {failed}),
    target: rollout.id === wanted ? 'wanted' : 'steady',
    isFresh: given.rollout?.id === rollout.id && given.rollout.step !== rollout.step && rollout.state === 'IN_PROGRESS',
    ...(step === undefined ? {} : {step}),
    ...(pause === undefined ? {} : {pause}),
  };
}

function pauseAt(step: Step, rollout: Rollout, given: Given): Decision['pause'] {
  if (answerAt(step, rollout, given) !== 'WAIT') return undefined;
  const minutes = given.settings.pauses.find(({stage}) => stage === step.stage)?.timeoutMinutes ?? 0;
  const key = rollout.answeredBefore === step.key ? `${step.key}.${rollout.id}` : step.key;
  return {key, until: endOf(rollout.since, minutes)};
}

function endOf(since: string, minutes: number): string {
  return new Date(Date.parse(since) + minutes * 60_000).toISOString();
}

/** Whole seconds, as Kubernetes writes times. */
function timeOf(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

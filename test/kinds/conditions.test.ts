import test from 'ava';
import * as fc from 'fast-check';
import {type Condition, conditionsOf, graceSeconds, type Judged, verdictOf} from '../../src/kinds/conditions.ts';
import type {Outcome} from '../../src/kinds/outcome.ts';

const start = new Date('2026-01-01T00:00:00.500Z');
const settled: Outcome = {is: 'settled', reason: 'UpToDate', message: 'as declared'};
const waiting: Outcome = {is: 'waiting', reason: 'Creating', message: 'is being created', seconds: 5};
const stalled: Outcome = {is: 'stalled', reason: 'AccessDenied', message: 'ecr:CreateRepository is missing'};
const failed: Outcome = {is: 'failed', reason: 'Throttled', message: 'rate exceeded'};

function judge(outcome: Outcome, rest: Partial<Judged> = {}): readonly Condition[] {
  return conditionsOf({previous: [], outcome, claims: [], generation: 1, now: start, ...rest});
}

function later(seconds: number): Date {
  return new Date(start.getTime() + seconds * 1000);
}

function summary(conditions: readonly Condition[]): string {
  return conditions.map(({type, status, reason}) => `${type}=${status}:${reason}`).join(' ');
}

test('each outcome has its conditions, and Reconciling and Stalled are there only while true', (t) => {
  t.is(summary(judge(settled)), 'Ready=True:UpToDate');
  t.is(summary(judge(waiting)), 'Ready=False:Creating Reconciling=True:Progressing');
  t.is(summary(judge(stalled)), 'Ready=False:AccessDenied Stalled=True:AccessDenied');
  t.is(summary(judge(failed)), 'Ready=Unknown:Throttled Reconciling=True:ProgressingWithRetry');
});

test('a settled object is ready only as far as its dependents are, and False trumps Unknown', (t) => {
  const unknown = {type: 'Scanned', status: 'Unknown', reason: 'NoScan', message: 'not scanned yet'} as const;
  const denied = {type: 'Validated', status: 'False', reason: 'Unreachable', message: 'upstream answers 403'} as const;
  t.is(summary(judge(settled, {claims: [unknown]})), 'Ready=Unknown:NoScan Scanned=Unknown:NoScan');
  t.is(summary(judge(settled, {claims: [unknown, denied]})), 'Ready=False:Unreachable Scanned=Unknown:NoScan Validated=False:Unreachable');
});

test('a failure leaves a ready object ready for ten minutes, and not longer', (t) => {
  const ready = judge(settled);
  const blip = judge(failed, {previous: ready, now: later(60)});
  t.is(summary(blip), 'Ready=True:UpToDate Reconciling=True:ProgressingWithRetry');
  const still = judge(failed, {previous: blip, now: later(60 + graceSeconds - 1)});
  t.is(summary(still), summary(blip));
  const over = judge(failed, {previous: still, now: later(60 + graceSeconds + 1)});
  t.is(summary(over), 'Ready=Unknown:Throttled Reconciling=True:ProgressingWithRetry');
  const after = judge(settled, {previous: over, now: later(1000)});
  t.is(summary(after), 'Ready=True:UpToDate');
});

test('a new generation that fails is not ready, whatever the one before was', (t) => {
  const ready = judge(settled, {generation: 1});
  t.is(judge(failed, {previous: ready, generation: 2})[0]?.status, 'Unknown');
});

test('what is known to be False is not glossed over by a failure', (t) => {
  const claims = [{type: 'Available', status: 'False', reason: 'Down', message: ''} as const];
  t.is(judge(failed, {previous: judge(settled), claims})[0]?.status, 'False');
});

test('the transition time moves with the status and with nothing else', (t) => {
  const first = judge(settled);
  t.is(first[0]?.lastTransitionTime, '2026-01-01T00:00:00Z');
  const second = judge({...settled, reason: 'Other', message: 'other'}, {previous: first, generation: 2, now: later(50)});
  t.like(second[0], {lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 2, reason: 'Other'});
  const third = judge(stalled, {previous: second, now: later(60)});
  t.is(third[0]?.lastTransitionTime, '2026-01-01T00:01:00Z');
});

test('what the API server would refuse is made to fit', (t) => {
  const long = judge({...settled, reason: 'com.amazonaws#Access Denied.', message: '💥'.repeat(40_000)});
  t.is(long[0]?.reason, 'comamazonawsAccessDenied');
  t.true((long[0]?.message.length ?? 0) <= 32_768);
  t.true(long[0]?.message.isWellFormed());
  t.is(judge({...settled, reason: ''})[0]?.reason, 'Unknown');
});

test('what is claimed aside is shown, and leaves Ready as it is', (t) => {
  const claims = [{type: 'TokenRefreshed', status: 'False', reason: 'AccessDenied', message: '', aside: true}] as const;
  const conditions = judge(settled, {claims});
  t.is(conditions.find(({type}) => type === 'Ready')?.status, 'True');
  t.like(
    conditions.find(({type}) => type === 'TokenRefreshed'),
    {status: 'False', reason: 'AccessDenied'},
  );
});

test('a kind cannot claim what is computed', (t) => {
  const claims = (['Ready', 'Reconciling', 'Stalled'] as const).map(
    (type) => ({type, status: 'False', reason: 'No', message: ''}) as const,
  );
  t.is(summary(judge(settled, {claims})), 'Ready=True:UpToDate');
});

/** kstatus (sigs.k8s.io/cli-utils/pkg/kstatus): Reconciling first, then Stalled, then Ready. */
function kstatus(conditions: readonly Condition[]): string {
  const status = new Map(conditions.map((condition) => [condition.type, condition.status]));
  if (status.get('Reconciling') === 'True') return 'InProgress';
  if (status.get('Stalled') === 'True') return 'Failed';
  return status.get('Ready') === 'True' ? 'Current' : 'InProgress';
}

/** The health check that is shipped for Argo CD. */
function argo(conditions: readonly Condition[]): string {
  const is = (type: string, status: string): boolean => conditions.some((each) => each.type === type && each.status === status);
  if (is('Stalled', 'True')) return 'Degraded';
  if (is('Ready', 'True')) return 'Healthy';
  if (is('Reconciling', 'True')) return 'Progressing';
  return is('Ready', 'False') ? 'Degraded' : 'Progressing';
}

test('kstatus and Argo CD read them as meant', (t) => {
  t.deepEqual([kstatus(judge(settled)), argo(judge(settled))], ['Current', 'Healthy']);
  t.deepEqual([kstatus(judge(waiting)), argo(judge(waiting))], ['InProgress', 'Progressing']);
  t.deepEqual([kstatus(judge(stalled)), argo(judge(stalled))], ['Failed', 'Degraded']);
  t.deepEqual([kstatus(judge(failed)), argo(judge(failed))], ['InProgress', 'Progressing']);
  t.is(argo(judge(failed, {previous: judge(settled)})), 'Healthy');
});

test('over any history: unique types, Ready first, one signal at most, the last verdict can be read back', (t) => {
  const outcome = fc.constantFrom(settled, waiting, stalled, failed);
  const status = fc.constantFrom('True', 'False', 'Unknown');
  const claim = fc.record({type: fc.constantFrom('A', 'B'), status, reason: fc.constantFrom('X', 'Y'), message: fc.string()});
  const step = fc.record({outcome, claims: fc.array(claim, {maxLength: 3}), bump: fc.boolean(), seconds: fc.nat(900)});
  fc.assert(
    fc.property(fc.array(step, {minLength: 1, maxLength: 12}), (steps) => {
      let previous: readonly Condition[] = [];
      let generation = 1;
      let seconds = 0;
      let settledGeneration = 0;
      for (const {outcome, claims, bump, seconds: passed} of steps) {
        generation += bump ? 1 : 0;
        seconds += passed;
        if (outcome.is === 'settled') settledGeneration = generation;
        const conditions = conditionsOf({previous, outcome, claims, generation, now: later(seconds)});
        t.is(new Set(conditions.map(({type}) => type)).size, conditions.length);
        t.is(conditions[0]?.type, 'Ready');
        t.true(conditions.every((condition) => condition.observedGeneration === generation));
        if (conditions[0]?.status === 'True') t.is(settledGeneration, generation);
        t.is(verdictOf(conditions)?.is, outcome.is);
        if (outcome.is === 'stalled' || outcome.is === 'failed') t.is(verdictOf(conditions)?.reason, outcome.reason);
        previous = conditions;
      }
    }),
  );
});

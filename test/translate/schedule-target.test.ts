import test from 'ava';
import * as fc from 'fast-check';
import {targetOf} from '../../src/translate/schedule-target.ts';

const asEventBridge = {
  Name: 'x',
  FlexibleTimeWindow: {Mode: 'OFF'},
  Target: {
    Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/default',
    RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    RetryPolicy: {MaximumEventAgeInSeconds: 120, MaximumRetryAttempts: 3},
    DeadLetterConfig: {Arn: 'arn:aws:sqs:us-east-1:123456789012:q'},
    Input: '{"containerOverrides": [{"name": "web", "command": ["x"]}]}',
    EcsParameters: {
      TaskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/report:3',
      TaskCount: 2,
      LaunchType: 'FARGATE',
      EnableECSManagedTags: true,
      NetworkConfiguration: {awsvpcConfiguration: {Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED'}},
      Tags: [{Key: 'a', Value: 'B'}],
    },
  },
};

test("EventBridge's own form of a target becomes the input of RunTask", (t) => {
  const {run, deadlineSeconds, notes} = targetOf({target: asEventBridge.Target});
  t.deepEqual(run as object, {
    cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/default',
    taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/report:3',
    count: 2,
    launchType: 'FARGATE',
    enableECSManagedTags: true,
    networkConfiguration: {awsvpcConfiguration: {subnets: ['subnet-1'], assignPublicIp: 'DISABLED'}},
    tags: [{key: 'a', value: 'B'}],
    overrides: {containerOverrides: [{name: 'web', command: ['x']}]},
  });
  t.is(deadlineSeconds, 120);
  t.deepEqual(
    notes.map(({path, reason}) => [path, reason]),
    [
      ['target.roleArn', 'ScheduleRoleIgnored'],
      ['target.retryPolicy.maximumRetryAttempts', 'RetryAttemptsIgnored'],
      ['target.deadLetterConfig', 'DeadLetterIgnored'],
    ],
  );
});

test('the cluster of EventBridge is the Cluster of the tasks; any other target of it has a note', (t) => {
  const target = {...asEventBridge.Target, Arn: 'arn:aws:sqs:us-east-1:123456789012:q'};
  const {run, notes} = targetOf({target});
  t.false('cluster' in (run ?? {}));
  t.like(notes[0], {path: 'target.arn', reason: 'ClusterIgnored', level: 'ignored'});
  t.is(targetOf({target: {taskDefinition: 'report', cluster: 'prod'}}).run?.cluster, 'prod');
});

test('what a schedule has besides is noted, and nothing is silent', (t) => {
  const {run, notes} = targetOf({
    scheduleExpression: 'rate(1 day)',
    groupName: 'g',
    surprise: 1,
    flexibleTimeWindow: {mode: 'FLEXIBLE', maximumWindowInMinutes: 15},
    actionAfterCompletion: 'DELETE',
    target: {taskDefinition: 'r', overrides: {cpu: '256'}, input: 'x'},
  });
  t.deepEqual(run as object, {taskDefinition: 'r', overrides: {cpu: '256'}});
  t.deepEqual(
    notes.map(({path, reason}) => [path, reason]),
    [
      ['flexibleTimeWindow', 'FlexibleWindowNotUsed'],
      ['actionAfterCompletion', 'ActionAfterCompletionIgnored'],
      ['groupName', 'GroupIgnored'],
      ['surprise', 'UnknownField'],
      ['target.input', 'UnknownField'],
    ],
  );
});

test('any JSON at all is a target or refused, and never throws', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({maxDepth: 4}), fc.boolean(), (value, isEcs) => {
      const {run, notes} = targetOf({target: isEcs ? {ecsParameters: value, input: JSON.stringify(value)} : value});
      return run !== undefined || notes.some(({level}) => level === 'refused');
    }),
  );
  t.pass();
});

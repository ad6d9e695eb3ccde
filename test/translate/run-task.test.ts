import test from 'ava';
import * as fc from 'fast-check';
import {translateTask} from '../../src/translate/translate-task.ts';
import {carriedTaskDefinitions} from './arbitrary.ts';
import {leavesOf} from './accounting.ts';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';

const settings = {name: 'web'};
const definition = {
  family: 'web',
  memory: '2048',
  containerDefinitions: [
    {name: 'a', image: 'nginx:1', command: ['x'], environment: [{name: 'A', value: '1'}]},
    {name: 'b', image: 'nginx:1'},
  ],
};

const fields = fc.record(
  {
    cluster: fc.constant('default'),
    count: fc.integer({min: 1, max: 10}),
    group: fc.constantFrom('family:web', 'reports', 'a b'),
    startedBy: fc.constantFrom('ops', 'ops/anna'),
    referenceId: fc.constant('r-1'),
    launchType: fc.constantFrom('EC2', 'FARGATE'),
    propagateTags: fc.constantFrom('TASK_DEFINITION', 'NONE'),
    enableExecuteCommand: fc.boolean(),
    tags: fc.constant([{key: 'k', value: 'v'}]),
    overrides: fc.record(
      {
        cpu: fc.constantFrom('512', '1 vCPU'),
        memory: fc.constantFrom('4096', '3GB'),
        taskRoleArn: fc.constant('arn:aws:iam::123456789012:role/x'),
        containerOverrides: fc.constant([
          {
            name: 'a',
            command: ['$(A)'],
            environment: [
              {name: 'A', value: '2'},
              {name: 'B', value: '$'},
            ],
            cpu: 128,
            memory: 128,
            memoryReservation: 64,
          },
        ]),
      },
      {requiredKeys: []},
    ),
  },
  {requiredKeys: []},
);

test('every leaf of what RunTask is given changes what is made, or has a note', (t) => {
  const tagged = {...definition, tags: [{key: 'own', value: 'tag'}]};
  fc.assert(
    fc.property(fields, (run) => {
      const before = translateTask(tagged, run, settings);
      t.is(before.manifests.length, 1, JSON.stringify(before.notes));
      const shown = JSON.stringify(before);
      const silent = leavesOf(run, 'runTask').filter(({path, segments}) => {
        const isNoted = before.notes.some((note) => path === note.path || (note.level === 'ignored' && path.startsWith(note.path)));
        return !isNoted && variants(run, segments).every((variant) => JSON.stringify(translateTask(tagged, variant, settings)) === shown);
      });
      t.deepEqual(
        silent.map(({path}) => path),
        [],
      );
    }),
    {numRuns: 50},
  );
});

function variants(root: object, segments: readonly (string | number)[]): readonly unknown[] {
  const leaf = segments.reduce<unknown>((node, segment) => (node as Record<string | number, unknown>)[segment], root);
  return (
    typeof leaf === 'number' ? [leaf + 1, leaf - 1] : typeof leaf === 'boolean' ? [!leaf] : [`${String(leaf)}x`, 'TASK_DEFINITION', 'NONE']
  ).map((value) => {
    const copy = structuredClone(root);
    const parent = segments.slice(0, -1).reduce<unknown>((node, segment) => (node as Record<string | number, unknown>)[segment], copy);
    (parent as Record<string | number, unknown>)[segments.at(-1) ?? ''] = value;
    return copy;
  });
}

test('any JSON at all is translated or refused, and never throws', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({maxDepth: 4}), (run) => {
      const {manifests, notes} = translateTask(definition, run, settings);
      return manifests.length > 0 || notes.some(({level}) => level === 'refused');
    }),
  );
  t.pass();
});

test('with no overrides a task has the pod that its definition has', (t) => {
  fc.assert(
    fc.property(carriedTaskDefinitions, (task) => {
      const {value} = normalizeTaskDefinition(task);
      // A volume that is configured at launch needs its configuration there.
      if (value === undefined || value.volumes?.some(({configuredAtLaunch}) => configuredAtLaunch)) return;
      const {manifests, notes} = translateTask(value, {}, settings);
      t.true(manifests.length > 0, JSON.stringify(notes.filter(({level}) => level === 'refused')));
      t.like(manifests[0], {kind: 'Job', spec: {completions: 1, parallelism: 1, template: {spec: {restartPolicy: 'Never'}}}});
    }),
    {numRuns: 50},
  );
});

test('an override of a variable that is set twice sets the one that counts', (t) => {
  const twice = [
    {name: 'A', value: '1'},
    {name: 'A', value: '2'},
  ];
  const task = {...definition, containerDefinitions: [{name: 'a', image: 'nginx:1', environment: twice}]};
  const {manifests} = translateTask(
    task,
    {overrides: {containerOverrides: [{name: 'a', environment: [{name: 'A', value: '3'}]}]}},
    settings,
  );
  t.like(manifests[0], {spec: {template: {spec: {containers: [{env: [{name: 'A', value: '3'}]}]}}}});
});

test('empty and null overrides are no overrides', (t) => {
  const plain = translateTask(definition, {}, settings);
  const empty = {overrides: {containerOverrides: [], cpu: null, taskRoleArn: ''}, count: null, tags: []};
  t.deepEqual(translateTask(definition, empty, settings), plain);
});

import test from 'ava';
import {defaultCluster} from '../../src/translate/cluster-settings.ts';
import type {Context} from '../../src/translate/context.ts';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';
import type {Note} from '../../src/translate/note.ts';
import {podOf} from '../../src/translate/pod.ts';

type Container = Readonly<Record<string, unknown>> & {readonly name: string};

function taskOf(containerDefinitions: readonly object[]): {
  readonly pod: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];
  readonly container: (name: string) => Container;
} {
  const {value, notes} = normalizeTaskDefinition({family: 'batch', memory: '1024', containerDefinitions});
  if (value === undefined) throw new Error(JSON.stringify(notes));
  const seen: Note[] = [];
  const context: Context = {
    form: 'task',
    settings: {name: 'batch'},
    cluster: {...defaultCluster, essentialContainers: 'RestartAll'},
    report: (note) => void seen.push(note),
    add: () => {},
    need: () => {},
  };
  const pod = podOf(value, context);
  const {containers = [], initContainers = []} = pod as {containers?: readonly Container[]; initContainers?: readonly Container[]};
  const container = (name: string): Container => {
    const found = [...containers, ...initContainers].find((one) => one.name === name);
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  };
  return {pod, reasons: seen.map(({reason}) => reason), container};
}

const check = {command: ['CMD', '/ok']};

test('a task that runs to its end restarts nothing, and nothing is said of restarts, or of tags that are looked up at its start', (t) => {
  const {pod, reasons, container} = taskOf([{name: 'main', image: 'main'}]);
  t.is(pod['restartPolicy'], 'Never');
  t.false('restartPolicy' in container('main'));
  t.deepEqual(reasons, []);
});

test("nothing is done about a task's health, and a container that others wait for is checked until it is healthy", (t) => {
  const {reasons, container} = taskOf([
    {name: 'db', image: 'db', healthCheck: check},
    {name: 'main', image: 'main', healthCheck: check, dependsOn: [{containerName: 'db', condition: 'HEALTHY'}]},
  ]);
  t.deepEqual(
    Object.keys(container('main')).filter((key) => key.endsWith('Probe')),
    [],
  );
  t.deepEqual(
    Object.keys(container('db')).filter((key) => key.endsWith('Probe')),
    ['startupProbe'],
  );
  t.true(reasons.includes('HealthNotActedOn') && reasons.includes('HealthOnlyAwaited'));
});

test('a container that is not essential is a sidecar, which goes when the others have ended', (t) => {
  const {container} = taskOf([
    {name: 'main', image: 'main'},
    {name: 'agent', image: 'agent', essential: false},
  ]);
  t.is(container('agent')['restartPolicy'], 'Always');
});

test('what must succeed first ends the task when it does not: no note says otherwise', (t) => {
  const {reasons} = taskOf([
    {name: 'first', image: 'first', essential: false},
    {name: 'main', image: 'main', dependsOn: [{containerName: 'first', condition: 'SUCCESS'}]},
  ]);
  t.false(reasons.includes('InitRetriesInPlace'));
});

test('restartPolicy restarts the container alone, but not after an exit code that is to be ignored', (t) => {
  const {container} = taskOf([
    {name: 'again', image: 'again', restartPolicy: {enabled: true}},
    {name: 'unless', image: 'unless', restartPolicy: {enabled: true, ignoredExitCodes: [0, 3]}},
  ]);
  t.is(container('again')['restartPolicy'], 'Always');
  t.like(container('unless'), {
    restartPolicy: 'Never',
    restartPolicyRules: [{action: 'Restart', exitCodes: {operator: 'NotIn', values: [0, 3]}}],
  });
});

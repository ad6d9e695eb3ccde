import {execFile} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {promisify} from 'node:util';
import test from 'ava';
import {drayage} from './program.ts';
import {api, folder, objects, plain, told, type Told, translate} from './translating.ts';

test('a task definition becomes manifests on standard output, and notes on standard error', async (t) => {
  const {code, out, err} = await translate(plain);
  t.is(code, 0);
  const [deployment] = objects(out);
  t.is(deployment?.kind, 'Deployment');
  t.is(deployment?.metadata.name, 'web');
  t.is(deployment?.metadata.namespace, undefined);
  t.is((deployment?.['spec'] as {replicas: number} | undefined)?.replicas, 1);
  const lines = err.split('\n');
  t.regex(lines[0] ?? '', /^ {2}PATH +LEVEL +REASON +MESSAGE$/);
  t.is(lines[1], 'stdin (web)');
  const column = (lines[0] ?? '').indexOf('LEVEL');
  for (const line of lines.slice(2, -2)) t.is(line.slice(column, column + 12), 'approximated');
  t.regex(lines.at(-2) ?? '', /^translated 1 of 1 definition into 1 object; 1 note: 1 approximated$/);
});

test('what describe-task-definition prints is taken as it is', async (t) => {
  const printed = {
    taskDefinition: {
      ...plain,
      memory: '.5 GB',
      cpu: '.25 vcpu',
      networkMode: '',
      pidMode: null,
      revision: 3,
      status: 'ACTIVE',
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:1:task-definition/web:3',
      volumes: [],
    },
    tags: [],
  };
  const {code, manifests, notes} = await told(printed);
  t.is(code, 0);
  t.is(manifests[0]?.metadata.name, 'web');
  t.deepEqual(
    notes.filter(({level}) => level === 'ignored').map(({path}) => path),
    ['revision', 'status', 'taskDefinitionArn'],
  );
});

test('a placeholder is refused with its path, and nothing is written', async (t) => {
  const {code, out, err} = await translate({...plain, containerDefinitions: [{name: 'web', image: '<IMAGE1_NAME>'}]});
  t.is(code, 1);
  t.is(out, '');
  t.regex(err, /containerDefinitions\[0\]\.image +refused +Placeholder +<IMAGE1_NAME> has not been filled in/);
});

test('a service of ECS says how many, and a name and a namespace can be given', async (t) => {
  const services = {services: [{serviceName: 'Shop', desiredCount: 4, taskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/web:3'}]};
  const at = folder(t, {'task.json': plain, 'service.json': services});
  const flags = ['translate', at('task.json'), '--service', at('service.json')];
  const [deployment] = objects((await drayage(flags)).out);
  t.regex(deployment?.metadata.name ?? '', /^shop-[a-z0-9]{6}$/);
  t.is((deployment?.['spec'] as {replicas: number} | undefined)?.replicas, 4);
  const [named] = objects((await drayage([...flags, '--name', 'front', '-n', 'shop'])).out);
  t.is(named?.metadata.name, 'front');
  t.is(named?.metadata.namespace, 'shop');
});

test('a service that names another definition is told so', async (t) => {
  const at = folder(t, {'service.json': {taskDefinition: 'other:2', desiredCount: 1}});
  const {code, notes} = await told(plain, '--service', at('service.json'));
  t.is(code, 0);
  t.true(notes.some(({path, reason}) => path === 'service.taskDefinition' && reason === 'OtherTaskDefinition'));
});

test('objects of ours are translated as the operator would: Services with the definition that they name', async (t) => {
  const text = [
    {apiVersion: api, kind: 'TaskDefinition', metadata: {name: 'web', namespace: 'shop'}, spec: {...plain, service: {desiredCount: 2}}},
    {apiVersion: api, kind: 'TaskDefinition', metadata: {name: 'base'}, spec: {...plain, family: 'base'}},
    {apiVersion: api, kind: 'Service', metadata: {name: 'one', namespace: 'shop'}, spec: {taskDefinition: 'base:1', desiredCount: 3}},
    {apiVersion: api, kind: 'Service', metadata: {name: 'two'}, spec: {taskDefinition: 'base'}},
    {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'x'}},
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
  const {code, out, err} = await translate(text);
  t.is(code, 0);
  t.regex(err, /^passed over 1 object of other kinds\n/);
  const made = objects(out).map(({metadata, spec}) => [metadata.namespace, metadata.name, (spec as {replicas: number}).replicas]);
  t.deepEqual(made, [
    ['shop', 'web', 2],
    ['shop', 'one', 3],
    [undefined, 'two', 1],
  ]);
});

test('a Service whose definition is not there, and kinds that cannot be translated, are refused', async (t) => {
  const service = {apiVersion: api, kind: 'Service', metadata: {name: 'one'}, spec: {taskDefinition: 'gone:1'}};
  const {code, err} = await translate(service);
  t.is(code, 1);
  t.regex(
    err,
    /service\.taskDefinition +refused +TaskDefinitionNotFound +No TaskDefinition of these files has the family of "gone:1"; name/,
  );
  const task = await translate({...service, kind: 'Task', spec: {}});
  t.regex(task.err, /runTask\.taskDefinition +refused +TaskDefinitionNotFound +is missing; name the family/);
  const queue = await translate({...service, kind: 'Queue'});
  t.regex(queue.err, /A Queue is not known here; give a TaskDefinition/);
  const cluster = await translate({apiVersion: api, kind: 'Cluster', metadata: {name: 'default'}, spec: {}});
  t.regex(cluster.err, /give its file with --cluster/);
});

test('where there is nothing to translate it fails, and says so', async (t) => {
  const {code, err} = await translate({apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'x'}});
  t.is(code, 1);
  t.regex(err, /^passed over 1 object of other kinds\nthere is no task definition, and no object that runs one\n/);
});

test('--output json is one value with manifests and notes, and with files where there are several', async (t) => {
  const one = await told(plain);
  t.deepEqual(Object.keys(one), ['manifests', 'notes', 'code']);
  t.deepEqual(Object.keys(one.notes[0] ?? {}), ['path', 'level', 'reason', 'message']);
  const at = folder(t, {'a.json': plain, 'b.json': {...plain, family: ''}});
  const {code, out, err} = await drayage(['translate', at('a.json'), at('b.json'), '-o', 'json']);
  t.is(code, 1);
  t.is(err.split('\n').length, 2, 'the notes are in the JSON, and not beside it');
  const several = JSON.parse(out) as Told;
  t.is(several.manifests.length, 1);
  t.deepEqual(several.files, [
    {file: at('a.json'), name: 'web', isTranslated: true, manifests: ['Deployment/web']} as never,
    {file: at('b.json'), isTranslated: false, manifests: []},
  ]);
  t.true(several.notes.every(({file}) => file !== undefined));
});

test('--strict, and a Cluster with policy Strict, refuse what is approximated', async (t) => {
  const at = folder(t, {
    'strict.yaml': `apiVersion: ${api}\nkind: Cluster\nmetadata: {name: default}\nspec: {policy: Strict}\n`,
    'warn.yaml': `apiVersion: ${api}\nkind: Cluster\nmetadata: {name: default}\nspec: {policy: Warn}\n`,
    'wrong.yaml': `apiVersion: ${api}\nkind: Cluster\nmetadata: {name: default}\nspec: {policy: Hard}\n`,
  });
  for (const flags of [['--strict'], ['--cluster', at('strict.yaml')], ['--cluster', at('warn.yaml'), '--strict']]) {
    const refused = await told(plain, ...flags);
    t.is(refused.code, 1, flags.join(' '));
    t.deepEqual(refused.manifests, []);
    t.true(refused.notes.some(({level, reason}) => level === 'refused' && reason === 'ImageTagNotPinned'));
  }
  t.is((await told(plain, '--cluster', at('warn.yaml'))).code, 0);
  const wrong = await translate(plain, '--cluster', at('wrong.yaml'));
  t.is(wrong.code, 1);
  t.regex(wrong.err, /policy/);
  const noCluster = await translate(plain, '--cluster', at('gone.yaml'));
  t.is(noCluster.code, 1);
  t.regex(noCluster.err, /gone\.yaml does not exist/);
});

test('--strict passes what means the same, and what --allow names by its reason or by its path', async (t) => {
  const ecr = {...plain, containerDefinitions: [{name: 'web', image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'}]};
  const same = await told(ecr, '--strict');
  t.is(same.code, 0);
  t.deepEqual(
    same.notes.map(({path, level, reason}) => [path, level, reason]),
    [['containerDefinitions[0].image', 'needed', 'FromECR']],
  );
  for (const allow of ['ImageTagNotPinned', 'NameNormalised,containerDefinitions[*].image']) {
    t.is((await told(plain, '--strict', '--allow', allow)).code, 0, allow);
  }
  t.is((await told(plain, '--strict', '--allow', 'NameNormalised')).code, 1);
});

test('two definitions that would be one object are not both written', async (t) => {
  const at = folder(t, {'a.json': plain, 'b.json': plain});
  const {code, out, err} = await drayage(['translate', at('a.json'), at('b.json')]);
  t.is(code, 1);
  t.is(objects(out).length, 1);
  t.regex(err, /a\.json becomes web too; translate it in a call of its own, with --name or --namespace\./);
});

const bad: Readonly<Record<string, readonly [content: unknown, why: RegExp]>> = {
  'no JSON and no YAML': ['{"family": "web"\n: [', /x:\d+\n +- +refused +Unreadable +The file is neither JSON nor YAML: /],
  'some text': ['hello', /is neither JSON nor YAML with a task definition in it/],
  'nothing in it': ['', /The file is empty\./],
  'only white space and comments': ['\n# later\n', /The file is empty\./],
  'a binary file': [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /The file is neither JSON nor YAML/],
  'two definitions in a list': [[plain, plain], /give each one as a document of its own/],
  'two definitions one after the other': [`${JSON.stringify(plain)}\n${JSON.stringify(plain)}`, /is neither JSON nor YAML: /],
  'five megabytes': [JSON.stringify({...plain, family: 'x'.repeat(5 * 1024 * 1024)}), /is too long: 5\.0 MiB\. ECS takes 64 KiB/],
  'containers alone': [plain.containerDefinitions, /is a list of containers: put it into/],
  'a CloudFormation template': ['Resources:\n  Task: !Ref X\n', /is written for CloudFormation; give the JSON of ECS itself/],
  'a file of Docker Compose': ['services:\n  web: {image: nginx}\n', /looks like a file of Docker Compose/],
  'a service': [{serviceName: 'web', desiredCount: 1}, /is a service; give it with --service/],
  'a list of ARNs': [{taskDefinitionArns: []}, /lists task definitions and has none/],
  "RunTask's input": [{taskDefinition: 'web:1', overrides: {}}, /is RunTask's input; give it with --run-task/],
  'a schedule': [{Name: 'x', ScheduleExpression: 'rate(1 day)', Target: {}}, /is a schedule; make a ScheduledTask of it/],
  'what describe-tasks prints': [{tasks: [], failures: []}, /has tasks that run, and not their definition/],
  Terraform: ['resource "aws_ecs_task_definition" "web" {\n  family = "web"\n}\n', /is written for Terraform; give the JSON of ECS itself/],
  'a plan of Terraform': [{format_version: '1.2', terraform_version: '1.9.0', planned_values: {}}, /is written for Terraform/],
  'an empty object': ['{}', /family +refused +InvalidField +is missing; add it\./],
};

for (const [name, [content, why]] of Object.entries(bad)) {
  test(`a file with ${name} is refused in words, and the others are translated`, async (t) => {
    const at = folder(t, {x: content, 'good.json': plain});
    const {code, out, err} = await drayage(['translate', at('x'), at('good.json')]);
    t.is(code, 1);
    t.regex(err, why);
    t.is(objects(out).length, 1);
    t.true(err.length < 3000, 'the text of a file is not repeated');
  });
}

test('folders and files that are not there are refused in words', async (t) => {
  const at = folder(t, {'good.json': plain});
  mkdirSync(at('folder'));
  const {code, out, err} = await drayage(['translate', at('folder'), at('gone.json'), at('good.json')]);
  t.is(code, 1);
  t.regex(err, /is a folder: name the files in it \(.*folder\/\*\.json\)/);
  t.regex(err, /gone\.json\n +- +refused +Unreadable +The file does not exist\./);
  t.is(objects(out).length, 1);
});

test('JSON with a byte order mark, in UTF-16, with a comma too many, or as YAML is read', async (t) => {
  const json = JSON.stringify(plain);
  const at = folder(t, {
    bom: `\uFEFF${json}`,
    utf16: Buffer.from(`\uFEFF${json}`, 'utf16le'),
    comma: `${json.slice(0, -1)},}`,
    yaml: 'family: web\nmemory: "512"\ncontainerDefinitions:\n- {name: web, image: "nginx:1"}\n',
  });
  for (const name of ['bom', 'utf16', 'comma', 'yaml']) t.is((await drayage(['translate', at(name)])).code, 0, name);
});

const wrong: readonly (readonly [argv: string, why: RegExp])[] = [
  ['', /FILE is missing/],
  ['- --service -', /standard input \(-\) can be read once/],
  ['- --service a --run-task b', /--service and --run-task exclude each other/],
  ['- --allow ImageTagNotPinned', /--allow is for --strict/],
  ['- --name Web', /--name Web is no name/],
  ['- -n A/B', /no name of a namespace/],
  ['- -o table', /--output must be one of yaml, json/],
];
for (const [argv, why] of wrong) {
  test(`drayage translate ${argv} is wrong usage`, async (t) => {
    const {code, out, err} = await drayage(['translate', ...argv.split(' ').filter((word) => word !== '')]);
    t.is(code, 2);
    t.is(out, '');
    t.regex(err, why);
  });
}

test('one name or one service for several definitions is wrong usage', async (t) => {
  const at = folder(t, {'a.json': plain, 'b.json': {...plain, family: 'b'}, 's.json': {desiredCount: 1}});
  for (const flags of [
    ['--name', 'x'],
    ['--service', at('s.json')],
  ]) {
    const {code, err} = await drayage(['translate', at('a.json'), at('b.json'), ...flags]);
    t.is(code, 2);
    t.regex(err, /is for one definition, and there are 2: /);
  }
});

test('in a checkout it is a program that needs neither a cluster nor AWS', async (t) => {
  const at = folder(t, {'a.json': plain});
  const program = promisify(execFile)(process.execPath, ['src/main.ts', 'translate', at('a.json')], {env: {PATH: process.env['PATH']}});
  const {stdout, stderr} = await program;
  t.is(objects(stdout).length, 1);
  t.regex(stderr, /translated 1 of 1 definition/);
});

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {dryRun, dryRunAll} from '../support/dry-run.ts';

const corpus = process.env['DRAYAGE_CORPUS'] ?? path.resolve(import.meta.dirname, '../../../shared/corpus');
const folder = path.join(corpus, 'task-definitions');
const reason = existsSync(folder) ? undefined : `no ${folder}; set DRAYAGE_CORPUS to a folder that has task-definitions/*.json`;
const run = reason === undefined ? test : test.skip;
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;
const settings = {name: 'web', namespace: 'default', revision: 1};

let cluster: Cluster | undefined;

test.after.always(() => cluster?.stop());

interface File {
  readonly file: string;
  readonly json: unknown;
}

function filesOf(kind: 'task-definitions' | 'service-definitions'): readonly File[] {
  const root = path.join(corpus, kind);
  const files = readdirSync(root).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({file, json: JSON.parse(readFileSync(path.join(root, file), 'utf8')) as unknown}));
}

interface Service {
  readonly loadBalancers?: readonly {readonly containerName?: string; readonly containerPort?: number}[];
  readonly serviceRegistries?: readonly {readonly containerName?: string; readonly containerPort?: number}[];
  readonly serviceConnectConfiguration?: {readonly services?: readonly {readonly portName?: string}[]};
  readonly volumeConfigurations?: readonly {readonly name: string}[];
}

/** A task definition that has the containers, ports and volumes that a service of somebody else names. */
function taskFor(service: Service): object {
  const targets = [...(service.loadBalancers ?? []), ...(service.serviceRegistries ?? [])];
  const names = [...new Set(targets.flatMap(({containerName}) => containerName ?? []))];
  const portNames = (service.serviceConnectConfiguration?.services ?? []).flatMap(({portName}) => portName ?? []);
  const volumes = (service.volumeConfigurations ?? []).map(({name}) => ({name, configuredAtLaunch: true}));
  const containers = (names.length === 0 ? ['web'] : names).map((name, index) => {
    const ports = [...new Set(targets.flatMap((target) => (target.containerName === name ? (target.containerPort ?? []) : [])))];
    const named = index === 0 ? portNames.map((portName, which) => ({containerPort: 9000 + which, name: portName})) : [];
    return {
      name,
      image: 'nginx:1.29',
      portMappings: [...ports.map((containerPort) => ({containerPort})), ...named],
      mountPoints: volumes.map((volume) => ({sourceVolume: volume.name, containerPath: `/mnt/${volume.name}`})),
    };
  });
  return {family: 'web', networkMode: 'awsvpc', cpu: '256', memory: '512', containerDefinitions: containers, volumes};
}

run(`the API server takes all that is made of real task definitions, of runs of them, and of services${skipped}`, async (t) => {
  cluster = await startCluster();
  const tasks = filesOf('task-definitions').map(({file, json}) => ({where: file, ...translate(json, {desiredCount: 2}, settings)}));
  const runs = filesOf('task-definitions').map(({file, json}) => ({where: `${file} run`, ...translateTask(json, {count: 2}, settings)}));
  const services = filesOf('service-definitions').map(({file, json}) => ({
    where: file,
    ...translate(taskFor(json as Service), json, settings),
  }));
  const objects = [...tasks, ...runs, ...services].flatMap(({where, manifests}) => manifests.map((object) => ({where, object})));
  const started = performance.now();
  await using door = dryRun(cluster);
  const {taken, unserved, faults} = await dryRunAll(objects, door);
  t.log(`${countOf(tasks)} task definitions, ${countOf(runs)} runs and ${countOf(services)} services translated; ${taken} objects taken`);
  t.log(`in ${Math.round(performance.now() - started)} ms; not served: ${JSON.stringify(unserved)}`);
  t.deepEqual(faults, []);
  t.true(taken > tasks.length / 4, `only ${taken} objects of ${tasks.length} files`);
});

function countOf(translations: readonly {readonly manifests: readonly unknown[]}[]): string {
  return `${translations.filter(({manifests}) => manifests.length > 0).length} of ${translations.length}`;
}

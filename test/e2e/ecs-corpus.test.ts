import test from 'ava';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {realFiles, withRealFiles} from '../support/corpus.ts';
import {dryRun, dryRunAll} from '../support/dry-run.ts';

const settings = {name: 'web', namespace: 'default', revision: 1};

let cluster: Cluster | undefined;

test.after.always(() => cluster?.stop());

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

withRealFiles('the API server takes all that is made of real task definitions, of runs of them, and of services', async (t) => {
  cluster = await startCluster();
  const tasks = realFiles('task-definitions').map(({file, json}) => ({where: file, ...translate(json, {desiredCount: 2}, settings)}));
  const runs = realFiles('task-definitions').map(({file, json}) => ({where: `${file} run`, ...translateTask(json, {count: 2}, settings)}));
  const services = realFiles('service-definitions').map(({file, json}) => ({
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

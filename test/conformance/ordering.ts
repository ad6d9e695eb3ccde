import {field, onNode, printing, shell, stamp, type Theme} from './behaviour.ts';
import {containerOf} from './scene.ts';
import {refusal} from './verdict.ts';

const url = field('ContainerDefinition.dependsOn');
const conditions = field('ContainerDependency.condition');
const shared = {mountPoints: [{sourceVolume: 'shared', containerPath: '/shared'}]};
const sharedVolume = {volumes: [{name: 'shared'}]};
const after = (containerName: string, condition: string) => ({dependsOn: [{containerName, condition}]});

export const ordering: Theme = {
  title: 'Order of containers',
  behaviours: [
    {
      id: 'depends-on-start',
      title: 'web `dependsOn` db `START`, and db is written last',
      ecs: {does: 'db starts before web', url},
      task: {
        containerDefinitions: [
          {name: 'web', command: printing(stamp), ...after('db', 'START')},
          {name: 'db', command: printing(stamp)},
        ],
      },
      async observe({printed}) {
        const web = Number(await printed('web'));
        const db = Number(await printed('db'));
        return db < web ? 'db starts before web' : 'web starts before db';
      },
    },
    {
      id: 'depends-on-start-of-an-ended-one',
      title: 'web `dependsOn` `START` of a container that has ended by then',
      ecs: {does: 'web starts', url: conditions},
      task: {
        containerDefinitions: [
          {name: 'web', command: printing('true'), ...after('once', 'START')},
          {name: 'once', essential: false, command: ['true']},
        ],
      },
      observe: async ({printed}) => printed('web').then(() => 'web starts'),
    },
    {
      id: 'depends-on-success',
      title: 'web `dependsOn` migrate `SUCCESS`',
      ecs: {does: 'web starts after migrate has ended', url: conditions},
      task: {
        ...sharedVolume,
        containerDefinitions: [
          {name: 'web', command: printing('cat /shared/migrated || echo no'), ...after('migrate', 'SUCCESS'), ...shared},
          {name: 'migrate', essential: false, command: shell('sleep 2; echo yes >/shared/migrated'), ...shared},
        ],
      },
      observe: async ({printed}) => ((await printed('web')) === 'yes' ? 'web starts after migrate has ended' : 'web does not wait'),
    },
    {
      id: 'depends-on-success-fails',
      title: 'web `dependsOn` migrate `SUCCESS`, and migrate ends with 1',
      ecs: {does: 'web never starts; the task stops, and the service starts another', url: conditions},
      note: /InitRetriesInPlace|dependsOn/,
      task: (given) =>
        onNode(given, [
          {name: 'web', command: shell('echo >/node/web; exec sleep 3600'), ...after('migrate', 'SUCCESS')},
          {name: 'migrate', essential: false, command: shell('hostname >>/node/migrate; exit 1')},
        ]),
      async observe({lines, until}) {
        await until('migrate has run twice', async () => (await lines('migrate')).length > 1);
        if ((await lines('web')).length > 0) return 'web starts';
        const tasks = new Set(await lines('migrate')).size;
        return tasks > 1
          ? 'web never starts; the task stops, and the service starts another'
          : 'web never starts; migrate runs again in its task';
      },
    },
    {
      id: 'depends-on-complete',
      title: 'web `dependsOn` setup `COMPLETE`, and setup ends with 3',
      ecs: {does: 'web starts after setup has ended', url: conditions},
      note: /CompleteTreatedAsSuccess|dependsOn/,
      task: (given) =>
        onNode(given, [
          {name: 'web', command: shell('cat /node/setup >/node/web; exec sleep 3600'), ...after('setup', 'COMPLETE')},
          {name: 'setup', essential: false, command: shell('sleep 1; echo ended >>/node/setup; exit 3')},
        ]),
      async observe({lines, until}) {
        await until(
          'setup has run twice, or web has started',
          async () => (await lines('setup')).length > 1 || (await lines('web')).length > 0,
        );
        return (await lines('web'))[0] === 'ended' ? 'web starts after setup has ended' : 'web does not start until setup ends with 0';
      },
    },
    {
      id: 'depends-on-healthy',
      title: 'web `dependsOn` db `HEALTHY`, and db is healthy after some seconds',
      ecs: {does: 'web starts once db is healthy', url: conditions},
      task: (given) =>
        onNode(given, [
          {name: 'web', command: printing('cat /node/healthy || echo no'), ...after('db', 'HEALTHY')},
          {
            name: 'db',
            command: shell('sleep 3; echo yes >/node/healthy; exec sleep 3600'),
            healthCheck: {command: ['CMD-SHELL', 'test -e /node/healthy'], interval: 5, retries: 10},
          },
        ]),
      observe: async ({printed}) => ((await printed('web')) === 'yes' ? 'web starts once db is healthy' : 'web does not wait'),
    },
    {
      id: 'depends-on-chain',
      title: 'web waits for migrate `SUCCESS`, which waits for db `HEALTHY`',
      ecs: {does: 'db, migrate, web', url},
      task: (given) =>
        onNode(given, [
          {name: 'web', command: printing('echo web >>/node/order'), ...after('migrate', 'SUCCESS')},
          {name: 'migrate', essential: false, command: shell('echo migrate >>/node/order'), ...after('db', 'HEALTHY')},
          {
            name: 'db',
            command: shell('echo db >>/node/order; sleep 2; touch /tmp/ok; exec sleep 3600'),
            healthCheck: {command: ['CMD', 'test', '-e', '/tmp/ok'], interval: 5, retries: 10},
          },
        ]),
      async observe({printed, lines}) {
        await printed('web');
        return (await lines('order')).join(', ');
      },
    },
    {
      id: 'start-timeout',
      title: 'web `dependsOn` slow `SUCCESS`; slow takes 9 seconds and has a `startTimeout` of 3',
      ecs: {does: 'web does not start, and the task stops', url: field('ContainerDefinition.startTimeout')},
      note: /startTimeout/,
      task: (given) =>
        onNode(given, [
          {name: 'web', command: shell('hostname >>/node/web; exec sleep 3600'), ...after('slow', 'SUCCESS')},
          {name: 'slow', essential: false, startTimeout: 3, command: shell('hostname >>/node/slow; sleep 9')},
        ]),
      async observe({lines, until}) {
        await until('web starts, or slow again', async () => (await lines('web')).length > 0 || (await lines('slow')).length > 1);
        return (await lines('web')).length > 0 ? 'web starts, however long slow takes' : 'web does not start, and the task stops';
      },
    },
    {
      id: 'depends-on-itself',
      title: 'web `dependsOn` db, and db on web',
      ecs: {does: refusal, url},
      task: {
        containerDefinitions: [
          {name: 'web', command: ['true'], ...after('db', 'START')},
          {name: 'db', command: ['true'], ...after('web', 'START')},
        ],
      },
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'depends-on-nobody',
      title: '`dependsOn` a container that is not there',
      ecs: {does: refusal, url},
      task: {containerDefinitions: [{command: ['true'], ...after('nobody', 'START')}]},
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'depends-on-success-of-an-essential',
      title: '`dependsOn` `SUCCESS` of an essential container',
      ecs: {does: refusal, url: conditions},
      task: {
        containerDefinitions: [
          {name: 'web', command: ['true'], ...after('db', 'SUCCESS')},
          {name: 'db', command: ['true']},
        ],
      },
      async observe({running}) {
        const pod = await running();
        return `it runs: ${containerOf(pod, 'web').restartCount}`;
      },
    },
  ],
};

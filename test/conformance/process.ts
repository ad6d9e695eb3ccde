import {field, nodeMount, nodeVolume, printing, shell, single, type Theme} from './behaviour.ts';

const definition = (name: string): string => field(`ContainerDefinition.${name}`);
const says = 'echo "own $0"; echo "-- end --"; exec sleep 3600';

export const processes: Theme = {
  title: 'Process',
  behaviours: [
    {
      id: 'command-none',
      title: 'Neither `entryPoint` nor `command`, of an image whose ENTRYPOINT says `entry` and its CMD',
      ecs: {does: '`entry cmd`', url: definition('command')},
      task: ({image}) => single({image: image('entry')}),
      observe: async ({printed}) => `\`${await printed()}\``,
    },
    {
      id: 'command',
      title: '`command: ["mine"]` of the same image',
      ecs: {does: '`entry mine`', url: definition('command')},
      task: ({image}) => single({image: image('entry'), command: ['mine']}),
      observe: async ({printed}) => `\`${await printed()}\``,
    },
    {
      id: 'entry-point',
      title: "`entryPoint` without `command`: the image's CMD",
      ecs: {does: 'it is dropped', url: definition('entryPoint')},
      task: ({image}) => single({image: image('entry'), entryPoint: ['sh', '-c', says]}),
      observe: async ({printed}) => ((await printed()) === 'own sh' ? 'it is dropped' : `\`${await printed()}\``),
    },
    {
      id: 'entry-point-empty',
      title: "`entryPoint: []`, with `command`: the image's ENTRYPOINT",
      ecs: {does: 'it is kept', url: definition('entryPoint')},
      task: ({image}) => single({image: image('entry'), entryPoint: [], command: ['mine']}),
      observe: async ({printed}) => ((await printed()) === 'entry mine' ? 'it is kept' : `\`${await printed()}\``),
    },
    {
      id: 'command-dollars',
      title: '`command: ["$HOME $(X) $$"]`, with a variable X',
      ecs: {does: 'as written', url: definition('command')},
      task: single({
        entryPoint: ['sh', '-c', says.replace('own ', '')],
        command: ['$HOME $(X) $$'],
        environment: [{name: 'X', value: 'x'}],
      }),
      observe: async ({printed}) => ((await printed()) === '$HOME $(X) $$' ? 'as written' : `\`${await printed()}\``),
    },
    {
      id: 'process-one',
      title: 'The process of the command',
      ecs: {does: 'it is process 1', url: definition('command')},
      task: single({command: printing('echo $$')}),
      observe: async ({printed}) => `it is process ${await printed()}`,
    },
    {
      id: 'working-directory',
      title: 'A `workingDirectory` that the image does not have',
      ecs: {does: 'it is made', url: definition('workingDirectory')},
      task: single({command: printing('pwd'), workingDirectory: '/srv/new'}),
      observe: async ({printed}) => ((await printed()) === '/srv/new' ? 'it is made' : await printed()),
    },
    {
      id: 'user-and-group',
      title: '`user: "1234:5678"`',
      ecs: {does: 'user 1234, group 5678', url: definition('user')},
      task: single({command: printing('echo "user $(id -u), group $(id -g)"'), user: '1234:5678'}),
      observe: async ({printed}) => printed(),
    },
    {
      id: 'user-number',
      title: '`user: "65534"`, of a user in the /etc/passwd of the image',
      ecs: {does: 'user 65534, group 65534', url: definition('user')},
      task: single({command: printing('echo "user $(id -u), group $(id -g)"'), user: '65534'}),
      observe: async ({printed}) => printed(),
    },
    {
      id: 'user-name',
      title: '`user: "nobody"`',
      ecs: {does: 'user 65534, group 65534', url: definition('user')},
      note: /\.user /,
      task: single({command: printing('echo "user $(id -u), group $(id -g)"'), user: 'nobody'}),
      observe: async ({printed}) => printed(),
    },
    {
      id: 'pseudo-terminal',
      title: '`pseudoTerminal: true`',
      ecs: {does: 'it writes to a terminal', url: definition('pseudoTerminal')},
      task: (given) => ({
        containerDefinitions: [
          {
            command: shell('[ -t 1 ] && echo yes >/node/terminal || echo no >/node/terminal; exec sleep 3600'),
            pseudoTerminal: true,
            ...nodeMount,
          },
        ],
        volumes: [nodeVolume(given)],
      }),
      async observe({lines, until}) {
        await until('it has looked', async () => (await lines('terminal')).length > 0);
        return (await lines('terminal'))[0] === 'yes' ? 'it writes to a terminal' : 'there is no terminal';
      },
    },
    {
      id: 'interactive',
      title: '`interactive: true`, and it reads',
      ecs: {does: 'it waits for input', url: definition('interactive')},
      task: single({
        command: shell('if timeout 3 cat; then echo it is at the end; else echo it waits for input; fi; echo "-- end --"; sleep 3600'),
        interactive: true,
      }),
      // The shell may say first that it was ended.
      observe: async ({printed}) => (await printed()).split('\n').at(-1) ?? '',
    },
    {
      id: 'init-process',
      title: '`linuxParameters.initProcessEnabled`, and a process whose parent is gone ends',
      ecs: {does: 'nothing is left of it', url: field('LinuxParameters.initProcessEnabled')},
      note: /initProcessEnabled/,
      task: single({
        // The orphan ends after its parent, under a process 1 that waits for nobody.
        command: shell('(sleep 1 &); (sleep 3; grep -l "State:.Z" /proc/[0-9]*/status | wc -l; echo "-- end --") & exec sleep 3600'),
        linuxParameters: {initProcessEnabled: true},
      }),
      observe: async ({printed}) => ((await printed()) === '0' ? 'nothing is left of it' : 'it stays as a zombie'),
    },
    {
      id: 'ulimits',
      title: '`ulimits`: 4096 open files',
      ecs: {does: '4096', url: definition('ulimits')},
      note: /ulimits/,
      task: single({command: printing('ulimit -n'), ulimits: [{name: 'nofile', softLimit: 4096, hardLimit: 8192}]}),
      observe: async ({printed}) => ((await printed()) === '4096' ? '4096' : 'as many as the node gives'),
    },
    {
      id: 'system-controls',
      title: '`systemControls`: net.ipv4.ip_unprivileged_port_start is 99',
      ecs: {does: '99', url: definition('systemControls')},
      note: /systemControls/,
      task: single(
        {
          command: printing('cat /proc/sys/net/ipv4/ip_unprivileged_port_start'),
          systemControls: [{namespace: 'net.ipv4.ip_unprivileged_port_start', value: '99'}],
        },
        {networkMode: 'awsvpc'},
      ),
      observe: async ({printed}) => ((await printed()) === '99' ? '99' : 'as the node has it'),
    },
    {
      id: 'docker-labels',
      title: '`dockerLabels`',
      ecs: {does: 'they can be read from the container', url: definition('dockerLabels')},
      unnoted: {verdict: 'approximate', why: 'They are kept, by container.'},
      task: single({command: ['sleep', '3600'], dockerLabels: {'com.example.team': 'shop'}}),
      async observe({running}) {
        const {annotations = {}} = (await running()).metadata;
        const labels = JSON.parse(annotations['ecs.drayage.dev/docker-labels'] ?? '{}') as {main?: object};
        return JSON.stringify(labels.main) === '{"com.example.team":"shop"}'
          ? 'they can be read from an annotation of the pod'
          : 'they are nowhere';
      },
    },
  ],
};

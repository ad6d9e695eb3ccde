import {parameter, printing, single, type Task, type Theme} from './behaviour.ts';

const pidMode = parameter('RegisterTaskDefinition.pidMode');
const ipcMode = parameter('RegisterTaskDefinition.ipcMode');

/** Whether main sees the process of the other container. */
function looking(rest: object): Task {
  const look = "grep -l '^sleep.4321' /proc/[0-9]*/cmdline | wc -l";
  return {
    ...rest,
    containerDefinitions: [
      {command: printing(look), dependsOn: [{containerName: 'other', condition: 'START'}]},
      {name: 'other', command: ['sleep', '4321']},
    ],
  };
}

const ipc = printing('readlink /proc/self/ns/ipc');
const twoOf = (rest: object): Task => ({
  ...rest,
  containerDefinitions: [
    {name: 'main', command: ipc},
    {name: 'other', command: ipc},
  ],
});

export const isolation: Theme = {
  title: 'Namespaces',
  behaviours: [
    {
      id: 'pid-own',
      title: 'No `pidMode`: the processes of other containers of the task',
      ecs: {does: 'it does not see them', url: pidMode},
      task: looking({}),
      observe: async ({printed}) => ((await printed()) === '0' ? 'it does not see them' : 'it sees them'),
    },
    {
      id: 'pid-task',
      title: '`pidMode: "task"`: the same',
      ecs: {does: 'it sees them', url: pidMode},
      task: looking({pidMode: 'task'}),
      observe: async ({printed}) => ((await printed()) === '0' ? 'it does not see them' : 'it sees them'),
    },
    {
      id: 'pid-host',
      title: '`pidMode: "host"`: the processes of the node',
      ecs: {does: 'it sees them', url: pidMode},
      task: single({command: printing("grep -l 'kubelet' /proc/[0-9]*/comm | wc -l")}, {pidMode: 'host'}),
      observe: async ({printed}) => ((await printed()) === '0' ? 'it does not see them' : 'it sees them'),
    },
    {
      id: 'ipc-task',
      title: '`ipcMode: "task"`: IPC between the containers of the task',
      ecs: {does: 'they share it', url: ipcMode},
      task: twoOf({ipcMode: 'task'}),
      observe: async ({printed}) => ((await printed('main')) === (await printed('other')) ? 'they share it' : 'each has its own'),
    },
    {
      id: 'ipc-none',
      title: '`ipcMode: "none"`: the same',
      ecs: {does: 'each has its own', url: ipcMode},
      note: /ipcMode/,
      task: twoOf({ipcMode: 'none'}),
      observe: async ({printed}) => ((await printed('main')) === (await printed('other')) ? 'they share it' : 'each has its own'),
    },
  ],
};

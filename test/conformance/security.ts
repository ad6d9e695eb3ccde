import {readFile} from 'node:fs/promises';
import {field, nodeMount, nodeVolume, parameter, printing, single, type Theme} from './behaviour.ts';

const definition = (name: string): string => field(`ContainerDefinition.${name}`);
const capabilities = field('LinuxParameters.capabilities');
const effective = "sed -n 's/^CapEff:.//p' /proc/self/status";

/** The 14 that Docker leaves to a container. */
const dockers = 0xa80425fbn;
const netRaw = 1n << 13n;
const sysPtrace = 1n << 19n;

export const security: Theme = {
  title: 'Rights',
  behaviours: [
    {
      id: 'capabilities',
      title: 'Capabilities of a container that asks for none',
      ecs: {does: "Docker's 14", url: capabilities},
      task: single({command: printing(effective)}),
      observe: async ({printed}) => (BigInt(`0x${await printed()}`) === dockers ? "Docker's 14" : await printed()),
    },
    {
      id: 'capabilities-changed',
      title: '`capabilities` with `add: ["SYS_PTRACE"]` and `drop: ["NET_RAW"]`',
      ecs: {does: 'one more, and one less', url: capabilities},
      task: single({command: printing(effective), linuxParameters: {capabilities: {add: ['SYS_PTRACE'], drop: ['NET_RAW']}}}),
      async observe({printed}) {
        return BigInt(`0x${await printed()}`) === ((dockers | sysPtrace) & ~netRaw) ? 'one more, and one less' : printed();
      },
    },
    {
      id: 'capabilities-none',
      title: '`capabilities` with `drop: ["ALL"]`',
      ecs: {does: 'none', url: capabilities},
      task: single({command: printing(effective), linuxParameters: {capabilities: {drop: ['ALL']}}}),
      observe: async ({printed}) => (BigInt(`0x${await printed()}`) === 0n ? 'none' : printed()),
    },
    {
      id: 'privileged',
      title: '`privileged: true`',
      ecs: {does: 'every capability of the node', url: definition('privileged')},
      task: single({command: printing(effective), privileged: true}),
      async observe({printed}) {
        const bounds = /^CapBnd:\s*(\w+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
        return (await printed()) === bounds ? 'every capability of the node' : printed();
      },
    },
    {
      id: 'no-new-privileges',
      title: '`dockerSecurityOptions: ["no-new-privileges"]`',
      ecs: {does: 'no program gains rights', url: definition('dockerSecurityOptions')},
      task: single({command: printing("sed -n 's/^NoNewPrivs:.//p' /proc/self/status"), dockerSecurityOptions: ['no-new-privileges']}),
      observe: async ({printed}) => ((await printed()) === '1' ? 'no program gains rights' : 'programs may gain rights'),
    },
    {
      id: 'system-calls',
      title: 'System calls of a container that is not privileged',
      ecs: {does: "Docker's filter is on them", url: definition('dockerSecurityOptions')},
      task: single({command: printing("sed -n 's/^Seccomp:.//p' /proc/self/status")}),
      observe: async ({printed}) => ((await printed()) === '2' ? "Docker's filter is on them" : 'there is no filter'),
    },
    {
      id: 'read-only-root',
      title: '`readonlyRootFilesystem: true`, with a volume',
      ecs: {does: 'only the volume can be written to', url: definition('readonlyRootFilesystem')},
      task: (given) => ({
        containerDefinitions: [
          {command: printing('touch /tmp/file 2>&1; touch /node/file && echo written'), readonlyRootFilesystem: true, ...nodeMount},
        ],
        volumes: [nodeVolume(given)],
      }),
      async observe({printed}) {
        const text = await printed();
        return /Read-only file system\s+written$/.test(text) ? 'only the volume can be written to' : text;
      },
    },
    {
      id: 'kubernetes-token',
      title: 'Credentials of the cluster in a container',
      ecs: {does: 'none', url: parameter('RegisterTaskDefinition.taskRoleArn')},
      task: single({command: printing('ls /var/run/secrets/kubernetes.io 2>/dev/null || echo none')}),
      observe: async ({printed}) => printed(),
    },
  ],
};

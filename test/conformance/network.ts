import {field, guide, parameter, printing, shell, single, type Container, type Task, type Theme} from './behaviour.ts';
import {addressOf, type Scene} from './scene.ts';

const definition = (name: string): string => field(`ContainerDefinition.${name}`);
const mode = parameter('RegisterTaskDefinition.networkMode');
const awsvpc = {networkMode: 'awsvpc'};
const bridge = {networkMode: 'bridge'};

/** Answers with its name. */
function web(name: string, port = 8080): Container {
  return {
    name,
    command: shell(`mkdir /tmp/www; echo ${name} >/tmp/www/index.html; exec httpd -f -p ${port} -h /tmp/www`),
    portMappings: [{containerPort: port}],
  };
}

/** Asks for a while, as the other may not be there yet. */
function asking(url: string, rest: object = {}): Container {
  const ask = `for i in 1 2 3 4 5 6; do wget -qO- ${url} 2>/dev/null && break; sleep 0.5; done || true`;
  return {name: 'main', command: printing(ask), ...rest};
}

async function answer(url: string): Promise<string> {
  const text = await fetch(url, {signal: AbortSignal.timeout(2000)}).then(
    async (response) => response.text(),
    () => '',
  );
  return text.trim();
}

async function answers({until}: Scene, url: string): Promise<string> {
  return until(`${url} answers`, async () => (await answer(url)) || false);
}

function pair(network: object, main: Container, other: Container): Task {
  return {...network, containerDefinitions: [main, other]};
}

export const network: Theme = {
  title: 'Network',
  behaviours: [
    {
      id: 'awsvpc-localhost',
      title: '`awsvpc`: one container asks another of its task at localhost',
      ecs: {does: 'it answers', url: guide('task-networking-awsvpc')},
      task: pair(awsvpc, asking('http://127.0.0.1:8080/'), web('db')),
      observe: async ({printed}) => ((await printed()) === 'db' ? 'it answers' : 'nobody answers'),
    },
    {
      id: 'awsvpc-addresses',
      title: '`awsvpc`: two tasks on one node listen on one port',
      ecs: {does: 'each has an address of its own', url: guide('task-networking-awsvpc')},
      pods: 2,
      service: {desiredCount: 2},
      task: {...awsvpc, containerDefinitions: [web('main')]},
      async observe(scene) {
        const addresses = await scene.until('two have addresses', async () => {
          const seen = new Set((await scene.living()).map(addressOf).filter((address) => address !== ''));
          return seen.size === 2 && [...seen];
        });
        for (const address of addresses) await answers(scene, `http://${address}:8080/`);
        return 'each has an address of its own';
      },
    },
    {
      id: 'host',
      title: '`host`: where a container can be reached',
      ecs: {does: 'at the address of the node', url: mode},
      task: {networkMode: 'host', containerDefinitions: [web('main', 38_080)]},
      async observe(scene) {
        await scene.running();
        const text = await answers(scene, 'http://127.0.0.1:38080/');
        return text === 'main' ? 'at the address of the node' : 'elsewhere';
      },
    },
    {
      id: 'bridge-links',
      title: '`bridge`: a container asks another by the alias of its `links`',
      ecs: {does: 'it answers', url: definition('links')},
      task: pair(bridge, asking('http://$(grep -w store /etc/hosts | cut -f1):8080/', {links: ['db:store']}), web('db')),
      observe: async ({printed}) => ((await printed()) === 'db' ? 'it answers' : 'nobody answers'),
    },
    {
      id: 'bridge-localhost',
      title: '`bridge`: a container asks another of its task at localhost',
      ecs: {does: 'nobody answers', url: mode},
      note: /networkMode/,
      task: pair(bridge, asking('http://127.0.0.1:8080/'), web('db')),
      observe: async ({printed}) => ((await printed()) === 'db' ? 'it answers' : 'nobody answers'),
    },
    {
      id: 'bridge-one-port',
      title: '`bridge`: two containers of a task listen on one port',
      ecs: {does: 'each has an address of its own', url: mode},
      task: pair(bridge, web('main'), web('other')),
      observe: async ({running}) => running().then(() => 'each has an address of its own'),
    },
    {
      id: 'bridge-host-port',
      title: '`bridge`: a fixed `hostPort`',
      ecs: {does: 'the node listens on it', url: field('PortMapping.hostPort')},
      note: /hostPort/,
      task: {...bridge, containerDefinitions: [{...web('main'), portMappings: [{containerPort: 8080, hostPort: 38_081}]}]},
      async observe(scene) {
        const pod = await scene.running();
        await answers(scene, `http://${addressOf(pod)}:8080/`);
        const {hostIP} = (pod.status ?? {}) as {hostIP?: string};
        if ((await answer(`http://${hostIP ?? ''}:38081/`)) === 'main') return 'the node listens on it';
        const kubernetesServices = await scene.kubectl('get', 'services', '-o', 'jsonpath={.items[*].spec.ports[*].port}');
        return kubernetesServices.split(' ').includes('38081')
          ? 'a Service of Kubernetes listens on it'
          : 'only the address of the task does';
      },
    },
    {
      id: 'none',
      title: '`none`: the networks of a container',
      ecs: {does: 'its loopback only', url: mode},
      note: /networkMode/,
      task: single({command: printing('ls /sys/class/net')}, {networkMode: 'none'}),
      observe: async ({printed}) => ((await printed()) === 'lo' ? 'its loopback only' : 'that of the cluster'),
    },
    {
      id: 'disable-networking',
      title: '`disableNetworking: true` of one container',
      ecs: {does: 'its loopback only', url: definition('disableNetworking')},
      note: /disableNetworking/,
      task: single({command: printing('ls /sys/class/net'), disableNetworking: true}),
      observe: async ({printed}) => ((await printed()) === 'lo' ? 'its loopback only' : 'that of the cluster'),
    },
    {
      id: 'extra-hosts',
      title: '`extraHosts`',
      ecs: {does: 'a line of /etc/hosts', url: definition('extraHosts')},
      task: single(
        {command: printing('grep -w "192.0.2.7" /etc/hosts'), extraHosts: [{hostname: 'old.example.com', ipAddress: '192.0.2.7'}]},
        bridge,
      ),
      observe: async ({printed}) => (/^192\.0\.2\.7\s+old\.example\.com$/.test(await printed()) ? 'a line of /etc/hosts' : 'nothing'),
    },
    {
      id: 'hostname',
      title: '`hostname: "billing"`',
      ecs: {does: 'billing', url: definition('hostname')},
      note: /hostname/,
      task: single({command: printing('hostname'), hostname: 'billing'}, bridge),
      observe: async ({printed}) => ((await printed()) === 'billing' ? 'billing' : 'the name of the pod'),
    },
    {
      id: 'dns',
      title: '`dnsServers` and `dnsSearchDomains`',
      ecs: {does: '/etc/resolv.conf has them', url: definition('dnsServers')},
      note: /dns/,
      task: single({command: printing('cat /etc/resolv.conf'), dnsServers: ['192.0.2.53'], dnsSearchDomains: ['shop.example.com']}, bridge),
      async observe({printed}) {
        const text = await printed();
        return /nameserver 192\.0\.2\.53/.test(text) && /search shop\.example\.com/.test(text)
          ? '/etc/resolv.conf has them'
          : 'those of the cluster';
      },
    },
    {
      id: 'awsvpc-host-port',
      title: '`awsvpc`: a `hostPort` other than the `containerPort`',
      ecs: {does: 'refused', url: field('PortMapping.hostPort')},
      task: {...awsvpc, containerDefinitions: [{...web('main'), portMappings: [{containerPort: 8080, hostPort: 80}]}]},
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};

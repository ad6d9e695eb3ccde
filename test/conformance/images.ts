import {services} from '../../src/schema/types.ts';
import {field, guide, onNode, printing, shell, single, type Given, type Task, type Theme} from './behaviour.ts';
import {containersOf, pods, type Scene} from './scene.ts';

const versionConsistency = field('ContainerDefinition.versionConsistency');

/** A task of an image whose tag moves. */
function moving(tag: string, container: object): (given: Given) => Task {
  return (given) =>
    onNode(given, [{image: given.image(tag), command: shell('echo "$CONTENT" >>/node/content; exec sleep 3600'), ...container}]);
}

/** What a task that is started after the tag has moved runs. */
async function afterMove(scene: Scene, tag: string): Promise<string> {
  const {push, running, place, lines, until} = scene;
  const pod = await running();
  await until('the first has run', async () => (await lines('content')).length === 1);
  await push(tag, 'new');
  await place.delete(pods, pod.metadata.name);
  await until('the next has run', async () => (await lines('content')).length === 2);
  return (await lines('content'))[1] === 'new' ? 'what the tag means then' : 'what the tag meant at the deployment';
}

export const images: Theme = {
  title: 'Images',
  behaviours: [
    {
      id: 'image-private',
      title: 'An image of a private ECR repository',
      ecs: {does: 'it is pulled', url: guide('task_execution_IAM_role')},
      task: single({command: printing('true')}),
      observe: async ({printed}) => printed().then(() => 'it is pulled'),
    },
    {
      id: 'image-digest',
      title: 'An image by its digest',
      ecs: {does: 'it is that one', url: field('ContainerDefinition.image')},
      task: single({command: printing('true')}),
      async observe({running, printed, apply, image, until, living}) {
        await printed();
        const imageID = containersOf(await running())[0]?.imageID ?? '';
        const digest = imageID.replace(/^.*@/, '');
        await apply(single({image: `${image('1').replace(/:1$/, '')}@${digest}`, command: printing('echo by digest')}));
        await until('the next runs', async () => (await printed()) === 'by digest');
        const ids = (await living()).flatMap(containersOf).map((container) => container.imageID ?? '');
        return ids.some((id) => id.endsWith(digest)) ? 'it is that one' : ids.join(', ');
      },
    },
    {
      id: 'image-tag',
      title: 'A tag moves after the deployment, and a task is started later',
      ecs: {does: 'what the tag meant at the deployment', url: versionConsistency},
      note: /\.image /,
      tags: ['moving'],
      task: moving('moving', {}),
      observe: async (scene) => afterMove(scene, 'moving'),
    },
    {
      id: 'image-tag-not-consistent',
      title: 'The same with `versionConsistency: "disabled"`',
      ecs: {does: 'what the tag means then', url: versionConsistency},
      tags: ['loose'],
      task: moving('loose', {versionConsistency: 'disabled'}),
      observe: async (scene) => afterMove(scene, 'loose'),
    },
    {
      id: 'image-missing',
      title: 'A tag that the repository does not have',
      ecs: {does: 'the task does not start, and the service says why', url: guide('service-event-messages-list')},
      task: ({image}) => single({image: image('nobody-pushed-this'), command: ['true']}),
      async observe({service, within, place}) {
        const says = await within(30, async () => {
          await service();
          const [object] = await place.list(services);
          return /nobody-pushed-this/.test(JSON.stringify(object?.status ?? {}));
        });
        return says ? 'the task does not start, and the service says why' : 'the task does not start';
      },
    },
    {
      id: 'image-placeholder',
      title: '`image: "<IMAGE1_NAME>"`, which a pipeline was to fill in',
      ecs: {does: 'the task does not start', url: guide('service-event-messages-list')},
      task: single({image: '<IMAGE1_NAME>', command: ['true']}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};

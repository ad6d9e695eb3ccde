import {field, guide, printing, single, type Theme} from './behaviour.ts';

const url = field('ContainerDefinition.environment');
const literal = '$HOME $(X) $(HOME) $$ $$(X) ${X} `X`';

export const environment: Theme = {
  title: 'Environment',
  behaviours: [
    {
      id: 'environment-dollars',
      title: `A variable with the value \`${literal.replaceAll('`', '')}\``,
      ecs: {does: 'as written', url},
      task: single({
        command: printing('printf "%s\\n" "$TEXT"'),
        environment: [
          {name: 'X', value: 'expanded'},
          {name: 'TEXT', value: literal},
        ],
      }),
      observe: async ({printed}) => ((await printed()) === literal ? 'as written' : `\`${await printed()}\``),
    },
    {
      id: 'environment-empty',
      title: 'A variable with an empty value',
      ecs: {does: 'it is set, and empty', url},
      task: single({command: printing('echo "${X-unset}:${X:-empty}"'), environment: [{name: 'X', value: ''}]}),
      async observe({printed}) {
        const text = await printed();
        return text === ':empty' ? 'it is set, and empty' : `\`${text}\``;
      },
    },
    {
      id: 'environment-names',
      title: 'A variable called `my.variable-1`',
      ecs: {does: '`my.variable-1=x`', url},
      task: single({command: printing('tr "\\0" "\\n" </proc/1/environ | grep ^my'), environment: [{name: 'my.variable-1', value: 'x'}]}),
      observe: async ({printed}) => `\`${await printed()}\``,
    },
    {
      id: 'environment-image',
      title: 'A variable that the image sets',
      ecs: {does: "the image's value", url},
      task: ({image}) => single({image: image('entry'), entryPoint: printing('echo "$CONTENT"')}),
      observe: async ({printed}) => ((await printed()) === 'image' ? "the image's value" : await printed()),
    },
    {
      id: 'environment-over-image',
      title: 'A variable that the image and the task definition set',
      ecs: {does: "the task definition's value", url},
      task: ({image}) =>
        single({image: image('entry'), entryPoint: printing('echo "$CONTENT"'), environment: [{name: 'CONTENT', value: 'mine'}]}),
      observe: async ({printed}) => ((await printed()) === 'mine' ? "the task definition's value" : await printed()),
    },
    {
      id: 'environment-else',
      title: 'Variables that nobody has written, besides `PATH`, `HOME`, `HOSTNAME` and those of AWS',
      ecs: {does: 'none', url},
      unnoted: {
        verdict: 'different',
        why: 'No field asks for them: Kubernetes sets `KUBERNETES_SERVICE_HOST` and its kin in every container.',
      },
      task: single({command: printing('env')}),
      async observe({printed}) {
        const names = (await printed()).split('\n').map((line) => line.replace(/=.*/, ''));
        const others = names.filter((name) => !/^(PATH|HOME|HOSTNAME|PWD|SHLVL|AWS_.*|ECS_.*)$/.test(name));
        if (others.length === 0) return 'none';
        return others.every((name) => name.startsWith('KUBERNETES_')) ? '`KUBERNETES_…`' : others.join(', ');
      },
    },
    {
      id: 'environment-metadata',
      title: '`ECS_CONTAINER_METADATA_URI_V4`',
      ecs: {does: 'it leads to the metadata of the task', url: guide('task-metadata-endpoint-v4')},
      unnoted: {verdict: 'different', why: 'No field asks for it. Nodes have no such endpoint.'},
      task: single({command: printing('echo "${ECS_CONTAINER_METADATA_URI_V4-it is not set}"')}),
      observe: async ({printed}) => printed(),
    },
  ],
};

import {services} from '../../src/schema/types.ts';
import {field, guide, onNode, printing, shell, single, type Container, type Given, type Task, type Theme} from './behaviour.ts';
import {phaseOf, pods, type Scene} from './scene.ts';
import {refusal} from './verdict.ts';

const manager = guide('secrets-envvar-secrets-manager');
const parameters = guide('secrets-envvar-ssm-parameters');
const file = guide('use-environment-file');
const troubles = guide('resource-initialization-error');
const service = {desiredCount: 1, cluster: 'conformance'};

/** A task that prints a variable, whose value is somewhere in AWS. */
function printed(valueFrom: (given: Given) => string): (given: Given) => Task {
  return (given) => single({command: printing('echo "$VALUE"'), secrets: [{name: 'VALUE', valueFrom: valueFrom(given)}]});
}

/** A task that prints a variable, of which files in AWS may be the source. */
function fromFiles(names: readonly string[], container: Container): (given: Given) => Task {
  return ({held}) => single({environmentFiles: names.map((name) => ({type: 's3', value: held.file(name)})), ...container});
}

/** A task that notes the value it was started with. */
function noting(given: Given, environment: readonly object[] = []): Task {
  const secrets = [{name: 'VALUE', valueFrom: given.held.secret('db')}];
  return onNode(given, [{command: shell('echo "$VALUE" >>/node/values; exec sleep 3600'), secrets, environment}]);
}

/** Waits for the first value, changes it, and does something. */
async function changed(scene: Scene, next: () => Promise<void>): Promise<void> {
  await scene.until('the first runs', async () => (await scene.lines('values')).length > 0);
  await scene.store({secrets: {db: ['new']}});
  await next();
}

async function second({lines, until}: Scene): Promise<string> {
  await until('the next runs', async () => (await lines('values')).length > 1);
  return (await lines('values'))[1] === 'new' ? 'the new value' : 'the old value';
}

const explained = 'the task does not start, and it is said why';

async function whyNot({place, pods: all, within}: Scene, why: RegExp): Promise<string> {
  const isSaid = await within(60, async () => why.test(JSON.stringify((await place.get(services, 'app'))?.status ?? {})));
  if ((await all()).some((pod) => phaseOf(pod) === 'Running')) return 'the task starts';
  return isSaid ? explained : 'the task does not start';
}

/** A tag that is not pinned is looked up at each start, also where its image is on the node. */
const asksAgain: Container = {versionConsistency: 'disabled', command: printing('true')};

const old = {db: ['old', 'new']};
const json = '{"user": "shop", "password": "$HOME \\"x\\""}';

export const secrets: Theme = {
  title: 'Secrets',
  behaviours: [
    {
      id: 'secret-whole',
      title: '`secrets`: the ARN of a secret whose value is JSON',
      ecs: {does: 'all of its text', url: manager},
      stored: {secrets: {db: [json]}},
      service,
      task: printed(({held}) => held.secret('db')),
      observe: async (scene) => ((await scene.printed()) === json ? 'all of its text' : `\`${await scene.printed()}\``),
    },
    {
      id: 'secret-json-key',
      title: 'The same with a JSON key',
      ecs: {does: 'the text under the key', url: manager},
      stored: {secrets: {db: [json]}},
      service,
      task: printed(({held}) => `${held.secret('db')}:password::`),
      observe: async (scene) => ((await scene.printed()) === '$HOME "x"' ? 'the text under the key' : `\`${await scene.printed()}\``),
    },
    {
      id: 'secret-version-stage',
      title: 'The same with the version stage `AWSPREVIOUS`, after the value was changed from `old` to `new`',
      ecs: {does: '`old`', url: manager},
      stored: {secrets: old},
      service,
      task: printed(({held}) => `${held.secret('db')}::AWSPREVIOUS:`),
      observe: async (scene) => `\`${await scene.printed()}\``,
    },
    {
      id: 'secret-version-id',
      title: 'The same with the id of the first version',
      ecs: {does: '`old`', url: manager},
      stored: {secrets: old},
      service,
      task: printed(({held}) => `${held.secret('db')}:::${held.firstVersion('db')}`),
      observe: async (scene) => `\`${await scene.printed()}\``,
    },
    {
      id: 'secret-parameter',
      title: 'A parameter of Parameter Store by its name, and by its ARN',
      ecs: {does: 'its text both times, decrypted', url: parameters},
      stored: {parameters: {key: 'opened'}},
      service,
      task: ({held}) =>
        single({
          command: printing('echo "$NAME $ARN"'),
          secrets: [
            {name: 'NAME', valueFrom: held.parameter('key')},
            {name: 'ARN', valueFrom: held.parameterArn('key')},
          ],
        }),
      observe: async (scene) =>
        (await scene.printed()) === 'opened opened' ? 'its text both times, decrypted' : `\`${await scene.printed()}\``,
    },
    {
      id: 'secret-missing',
      title: 'A secret that is not there',
      ecs: {does: explained, url: troubles},
      service,
      task: printed(({held}) => held.secret('nobody-made-this')),
      observe: async (scene) => whyNot(scene, /nobody-made-this[^"]* no such secret/),
    },
    {
      id: 'secret-json-key-missing',
      title: 'A JSON key that the secret does not have',
      ecs: {does: explained, url: troubles},
      stored: {secrets: {db: [json]}},
      service,
      task: printed(({held}) => `${held.secret('db')}:host::`),
      observe: async (scene) => whyNot(scene, /no JSON key host/),
    },
    {
      id: 'secret-changes',
      title: 'The value of a secret is changed: a task that runs',
      ecs: {does: 'it runs on, with the old value', url: manager},
      stored: {secrets: {db: ['old']}},
      service,
      task: noting,
      async observe(scene) {
        await changed(scene, async () => {});
        const isAnother = await scene.within(8, async () => (await scene.lines('values')).length > 1);
        if (isAnother) return 'another takes its place';
        const [{metadata} = await scene.running()] = await scene.living();
        const value = await scene.kubectl('exec', metadata.name, '--', 'sh', '-c', 'echo "$VALUE"');
        return `it runs on, with the ${value.trim()} value`;
      },
    },
    {
      id: 'secret-deployment',
      title: 'The same: a task of the next deployment',
      ecs: {does: 'the new value', url: manager},
      stored: {secrets: {db: ['old']}},
      service,
      pods: 2,
      task: noting,
      async observe(scene) {
        await changed(scene, async () => scene.apply(noting(scene, [{name: 'NEXT', value: 'yes'}]), service));
        return second(scene);
      },
    },
    {
      id: 'secret-replacement',
      title: 'The same: a task that takes the place of one that was stopped, without a deployment',
      ecs: {does: 'the new value', url: manager},
      unnoted: {
        verdict: 'different',
        why: 'Values are read once for each deployment, so that all of its tasks have the same.',
      },
      stored: {secrets: {db: ['old']}},
      service,
      task: noting,
      async observe(scene) {
        await changed(scene, async () => scene.place.delete(pods, (await scene.running()).metadata.name));
        return second(scene);
      },
    },
    {
      id: 'secret-twice',
      title: 'One name in `environment` and in `secrets`',
      ecs: {does: refusal, url: field('ContainerDefinition.secrets')},
      service,
      task: ({held}) =>
        single({
          command: ['true'],
          environment: [{name: 'VALUE', value: 'plain'}],
          secrets: [{name: 'VALUE', valueFrom: held.parameter('key')}],
        }),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'environment-file',
      title: '`environmentFiles`: a comment, quotes, blanks, `$HOME` and a second `=`',
      ecs: {does: 'the comment is nothing, and the values are as written', url: file},
      stored: {files: {live: '# NOTE=x\nTEXT="a  b" $HOME c=d\nLAST=1\n'}},
      service,
      task: fromFiles(['live'], {command: printing('printf "%s|%s|" "$TEXT" "$LAST"; env | grep -c NOTE')}),
      observe: async (scene) =>
        (await scene.printed()) === '"a  b" $HOME c=d|1|0'
          ? 'the comment is nothing, and the values are as written'
          : `\`${await scene.printed()}\``,
    },
    {
      id: 'environment-file-and-environment',
      title: 'A variable in a file and in `environment`',
      ecs: {does: 'that of `environment`', url: file},
      stored: {files: {live: 'VALUE=file\n'}},
      service,
      task: fromFiles(['live'], {command: printing('echo "$VALUE"'), environment: [{name: 'VALUE', value: 'environment'}]}),
      observe: async (scene) => `that of \`${await scene.printed()}\``,
    },
    {
      id: 'environment-files',
      title: 'A variable in two files',
      ecs: {does: 'that of the first file', url: file},
      stored: {files: {one: 'VALUE=first\n', two: 'VALUE=second\n'}},
      service,
      task: fromFiles(['one', 'two'], {command: printing('echo "$VALUE"')}),
      observe: async (scene) => `that of the ${await scene.printed()} file`,
    },
    {
      id: 'repository-credentials',
      title: '`repositoryCredentials`: an image of a registry that asks for a password',
      ecs: {does: 'it is pulled', url: guide('private-auth')},
      stored: (login) => ({secrets: {registry: [JSON.stringify(login)]}}),
      service,
      task: ({held}) => single({...asksAgain, repositoryCredentials: {credentialsParameter: held.secret('registry')}}),
      observe: async (scene) => scene.printed().then(() => 'it is pulled'),
    },
    {
      id: 'repository-credentials-wrong',
      title: 'The same with a wrong password',
      ecs: {does: explained, url: guide('private-auth')},
      stored: {secrets: {registry: [JSON.stringify({username: 'AWS', password: 'wrong'})]}},
      service,
      task: ({held}) => single({...asksAgain, repositoryCredentials: {credentialsParameter: held.secret('registry')}}),
      observe: async (scene) => whyNot(scene, /ErrImagePull|ImagePullBackOff/),
    },
  ],
};

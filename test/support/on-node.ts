import {CreateRepositoryCommand} from '@aws-sdk/client-ecr';
import test, {type ExecutionContext} from 'ava';
import {clusterPullSecrets, serviceAccounts} from '../../src/schema/types.ts';
import type {ImageConfig} from '../cluster/image.ts';
import {realNodeProblem} from '../cluster/real-node.ts';
import {eventually} from './eventually.ts';
import {personOf, type Person, type Place} from './place.ts';
import {pushBusybox} from './push.ts';
import {startStage, type Stage} from './stage.ts';

export interface OnNode {
  /** Why no real node can run here; undefined where one can. */
  readonly problem: string | undefined;
  /** A test; skipped, with the reason in its title, where no real node can run. */
  readonly run: (title: string, body: (t: ExecutionContext) => Promise<void>) => void;
  readonly stage: Stage;
  readonly person: Person;
  /** What was pushed with this tag, as pods name it. */
  readonly image: (tag: string) => string;
  /** A namespace in which pods can pull. */
  readonly opened: (name: string) => Promise<Place>;
}

export interface Wanted {
  readonly repository: string;
  /** Busybox under each of these tags. */
  readonly tags: Readonly<Record<string, ImageConfig>>;
  /** Of the ClusterPullSecret by which all pods pull. */
  readonly pullSecret?: object;
}

/** For the tests of one file: a real node with an operator, images in a registry, and secrets to pull them. All is gone afterwards. */
export function onNode({repository, tags, pullSecret = {}}: Wanted): OnNode {
  const problem = realNodeProblem();
  let there: {readonly stage: Stage; readonly person: Person} | undefined;
  const present = () => {
    if (there === undefined) throw new Error('only in a test');
    return there;
  };
  test.before(async () => {
    if (problem !== undefined) return;
    const stage = await startStage({nodes: 'real'});
    const {cluster, cloud} = stage;
    const person = personOf(cluster);
    there = {stage, person};
    await stage.operator();
    await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: repository}));
    for (const [tag, config] of Object.entries(tags)) await pushBusybox(cloud, `${repository}:${tag}`, config);
    const {apiVersion, kind} = clusterPullSecrets;
    await cluster.apply(JSON.stringify({apiVersion, kind, metadata: {name: 'ecr'}, spec: pullSecret}));
    await person.kubectl('wait', '--for=condition=Ready', 'clusterpullsecret/ecr', '--timeout=60s');
  });
  test.after.always(async () => {
    await there?.person.close();
    await there?.stage.stop();
  });
  return {
    problem,
    run(title, body) {
      if (problem === undefined) test(title, body);
      else test.skip(`${title} (skipped: ${problem})`, body);
    },
    get stage() {
      return present().stage;
    },
    get person() {
      return present().person;
    },
    image: (tag) => `${present().stage.cloud.registryHost}/${repository}:${tag}`,
    async opened(name) {
      const place = await present().person.place(name);
      await eventually('the account names the pull secret', async () => {
        const account = await place.get(serviceAccounts, 'default');
        return JSON.stringify(account?.['imagePullSecrets'] ?? []).includes('ecr-pull');
      });
      return place;
    },
  };
}

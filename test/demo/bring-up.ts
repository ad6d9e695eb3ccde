import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {startCloud, stopCloud, type Cloud} from '../cloud/start.ts';
import {realNodeProblem} from '../cluster/real-node.ts';
import {startCluster, stopCluster, type Cluster} from '../cluster/start.ts';
import {createOperatorRole, installChart, startOperator, type Operator} from '../support/operator.ts';

export interface Stage {
  readonly cluster: Cluster;
  readonly cloud: Cloud;
  readonly operator: Operator;
  /** Why pods do not really run here, where they do not. */
  readonly fakeNode: string | undefined;
  down(): Promise<void>;
  sayWhatIsNext(): void;
}

/** Starts Kubernetes, AWS's stand-ins and the operator; with `detached` they outlive this process. */
export async function bringUp(directory: string, {detached}: {readonly detached: boolean}): Promise<Stage> {
  await takeDown(directory, {quiet: true});
  await mkdir(directory, {recursive: true});
  const fakeNode = realNodeProblem();
  if (fakeNode !== undefined) say(`No real node here, so pods only seem to run: ${fakeNode}`);

  say("Starting AWS's stand-ins (ECR, STS, IAM, a registry)");
  const cloud = await startCloud({detached, directory: path.join(directory, 'cloud')});
  say(`Starting Kubernetes with ${fakeNode === undefined ? 'one real node' : 'one simulated node'}`);
  const cluster = await startCluster({
    nodes: fakeNode === undefined ? 'real' : 1,
    detached,
    directory: path.join(directory, 'cluster'),
    registryMirrors: {[cloud.registryHost]: cloud.registryUrl},
  });
  say('Installing the Helm chart');
  await installChart(cluster);
  await cloud.registerIssuer('https://kubernetes.default.svc');
  const roleArn = await createOperatorRole(cloud);
  say("Starting the operator with the chart's ServiceAccount, and AWS by IRSA");
  const operator = await startOperator({cluster, cloud, roleArn, directory, detached, flags: ['--resync-seconds=60']});
  await writeFile(path.join(directory, 'operator.pid'), String(operator.pid));
  return {
    cluster,
    cloud,
    operator,
    fakeNode,
    async down() {
      await operator.stop();
      await cluster.stop();
      await cloud.stop();
      await rm(directory, {recursive: true, force: true});
    },
    sayWhatIsNext() {
      console.log(`
It is all still up. Try:

  export KUBECONFIG=${cluster.kubeconfig}
  export PATH=${path.dirname(cluster.kubectlPath)}:$PATH
  kubectl get drayage -A                       # everything of Drayage
  kubectl explain repository.spec              # what can be written
  kubectl describe service.ecs.drayage.dev web -n shop
  kubectl scale service.ecs.drayage.dev web -n shop --replicas=3
  kubectl create namespace another && kubectl get secret ecr-pull -n another

Stop it with: make demo DOWN=1`);
    },
  };
}

/** Stops what an earlier run left up. */
export async function takeDown(directory: string, {quiet = false}: {readonly quiet?: boolean} = {}): Promise<void> {
  const pid = await readFile(path.join(directory, 'operator.pid'), 'utf8').catch(() => undefined);
  if (pid === undefined) {
    if (!quiet) say('Nothing is up.');
  } else {
    stopProcess(Number(pid));
  }
  await stopCluster(path.join(directory, 'cluster'));
  await stopCloud(path.join(directory, 'cloud'));
  await rm(directory, {recursive: true, force: true});
  if (pid !== undefined && !quiet) say('Stopped.');
}

function stopProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const started = Date.now();

export function say(text: string): void {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${text}`);
}

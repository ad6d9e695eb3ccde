import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {stopCloud} from '../cloud/start.ts';
import {realNodeProblem} from '../cluster/real-node.ts';
import {stopCluster} from '../cluster/start.ts';
import type {Operator} from '../support/operator.ts';
import {startStage, type Stage} from '../support/stage.ts';

/** Long enough to get the pods up, short enough to see a rotation. */
export const tokenSeconds = 120;

export interface Demo extends Stage {
  readonly process: Operator;
  /** Why pods only seem to run here, where they do. */
  readonly noRealNode: string | undefined;
}

/** Starts Kubernetes, AWS's stand-ins and the operator; with `detached` they outlive this process. */
export async function bringUp(directory: string, {detached}: {readonly detached: boolean}): Promise<Demo> {
  await takeDown(directory, {quiet: true});
  await mkdir(directory, {recursive: true});
  const noRealNode = realNodeProblem();
  if (noRealNode !== undefined) say(`No real node here, so pods only seem to run: ${noRealNode}`);
  const stage = await startStage({nodes: noRealNode === undefined ? 'real' : 1, tokenSeconds, directory, detached, say});
  say("Starting the operator as the chart's ServiceAccount, with AWS by IRSA");
  const operator = await stage.operator({flags: ['--resync-seconds=60']});
  await writeFile(path.join(directory, 'operator.pid'), String(operator.pid));
  return {...stage, process: operator, noRealNode};
}

/** Stops what an earlier run left up. */
export async function takeDown(directory: string, {quiet = false}: {readonly quiet?: boolean} = {}): Promise<void> {
  const pid = await readFile(path.join(directory, 'operator.pid'), 'utf8').catch(() => undefined);
  if (pid !== undefined) stopProcess(Number(pid));
  await stopCluster(path.join(directory, 'cluster'));
  await stopCloud(path.join(directory, 'cloud'));
  await rm(directory, {recursive: true, force: true});
  if (!quiet) say(pid === undefined ? 'Nothing was up.' : 'Stopped.');
}

function stopProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function nextCommands({cluster}: Demo): string {
  return `
It is all still up. Try:

  export KUBECONFIG=${cluster.kubeconfig}
  export PATH=${path.dirname(cluster.kubectlPath)}:$PATH
  kubectl get drayage -A                       # everything of Drayage
  kubectl explain repository.spec              # what can be written
  kubectl describe service.ecs.drayage.dev web -n shop
  kubectl scale service.ecs.drayage.dev web -n shop --replicas=3
  kubectl create namespace another && kubectl get secret ecr-pull -n another

Stop it with: make demo DOWN=1`;
}

const started = Date.now();

export function say(text: string): void {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${text}`);
}

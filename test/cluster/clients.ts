import {createHash} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Access} from './access.ts';
import {kubeconfigText} from './kubeconfig.ts';
import {run, type Result} from './run.ts';

/** What any cluster offers, its own or one that was there before. */
export interface Clients {
  kubectl(args: readonly string[], options?: {readonly input?: string}): Promise<Result>;
  helm(args: readonly string[]): Promise<Result>;
  apply(yaml: string): Promise<void>;
  serviceAccountToken(namespace: string, name: string, audience?: string, seconds?: number): Promise<string>;
  kubeconfigFor(token: string): Promise<string>;
}

/** kubectl and helm as `kubeconfig` says, with their caches in `directory`. */
export function clientsOf(
  directory: string,
  kubeconfig: string,
  programs: {kubectl: string; helm: () => Promise<string>},
  access: Pick<Access, 'server' | 'ca'>,
): Clients {
  const env = {PATH: process.env['PATH'], HOME: directory, KUBECONFIG: kubeconfig, KUBECACHEDIR: path.join(directory, 'kubectl-cache')};
  const kubectl: Clients['kubectl'] = (args, {input} = {}) => run(programs.kubectl, args, env, input);
  return {
    kubectl,
    helm: async (args) => run(await programs.helm(), args, env),
    async apply(yaml) {
      // Server-side: no limit by the size of an annotation, and the API server's own words on a mistake.
      const {code, stderr} = await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], {input: yaml});
      if (code !== 0) throw new Error(`kubectl apply failed:\n${stderr}`);
    },
    async serviceAccountToken(namespace, name, audience, seconds = 3600) {
      const args = [
        'create',
        'token',
        name,
        '-n',
        namespace,
        `--duration=${seconds}s`,
        ...(audience === undefined ? [] : [`--audience=${audience}`]),
      ];
      const {code, stdout, stderr} = await kubectl(args);
      if (code !== 0) throw new Error(`no token for ${namespace}/${name}:\n${stderr}`);
      return stdout.trim();
    },
    async kubeconfigFor(token) {
      const file = path.join(directory, `token-${createHash('sha256').update(token).digest('hex').slice(0, 12)}.kubeconfig`);
      await writeFile(file, kubeconfigText({...access, token}), {mode: 0o600});
      return file;
    },
  };
}

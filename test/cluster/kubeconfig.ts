import type {Access} from './access.ts';

/** A kubeconfig with one bearer token. JSON is YAML. */
export function kubeconfigText({server, ca, token}: Access): string {
  const cluster = ca === '' ? {server} : {server, 'certificate-authority-data': Buffer.from(ca).toString('base64')};
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'drayage',
      clusters: [{name: 'drayage', cluster}],
      users: [{name: 'drayage', user: {token}}],
      contexts: [{name: 'drayage', context: {cluster: 'drayage', user: 'drayage'}}],
    },
    undefined,
    2,
  );
}

import type {KubeObject} from '../schema/object.ts';
import {besideMetadata} from './beside.ts';
import type {SecretSettings, StoreReference} from './cluster-settings.ts';
import type {Context} from './context.ts';
import {dockerConfigHost} from './docker-config-host.ts';
import type {NeededSecret, NeededValue, ValueSource} from './needs.ts';

/**
 * Asks whoever the cluster says for a Secret: the operator, or External Secrets Operator with an ExternalSecret
 * (external-secrets.io/v1). Files in S3 are nothing that the second can read, so they stay with the first.
 */
export function askForSecret(secret: NeededSecret, context: Context): void {
  const {secrets = {}} = context.cluster;
  if (secrets.provider !== 'ExternalSecrets' || secret.is === 'files') return context.need(secret);
  const values = secret.is === 'values' ? secret.values : {username: secret.value, password: secret.value};
  const data = Object.entries(values).map(([secretKey, value]) => {
    const store = storeFor(value, secrets, context);
    const property = secret.is === 'registry' ? {property: secretKey} : {};
    return {secretKey, remoteRef: {...remoteRef(value, context), ...property}, sourceRef: {storeRef: store}};
  });
  const [first] = data;
  if (first !== undefined) context.add(externalSecret(secret, data, first.sourceRef.storeRef, context));
}

type Data = readonly {readonly sourceRef: {readonly storeRef: Required<StoreReference>}; readonly [field: string]: unknown}[];

function externalSecret(secret: NeededSecret, data: Data, store: Required<StoreReference>, context: Context): KubeObject {
  const isMain = (other: StoreReference): boolean => other.name === store.name && other.kind === store.kind;
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: besideMetadata(secret.name, context),
    spec: {
      // As in ECS: read when it is asked for, and not again while nothing changes.
      refreshPolicy: 'OnChange',
      secretStoreRef: store,
      target: {
        name: secret.name,
        creationPolicy: 'Owner',
        ...(secret.is === 'registry' ? {template: dockerConfigTemplate(secret.host)} : {}),
      },
      data: data.map(({sourceRef, ...rest}) => (isMain(sourceRef.storeRef) ? rest : {...rest, sourceRef})),
    },
  };
}

function storeFor({path, source}: NeededValue, secrets: SecretSettings, {report}: Context): Required<StoreReference> {
  const field = source.is === 'ParameterStore' ? 'parameterStoreRef' : 'secretStoreRef';
  const store = secrets[field];
  if (store === undefined) {
    const message = `The Cluster leaves secrets to External Secrets Operator; its secrets.${field} must name the store for this one.`;
    report({path, level: 'refused', reason: 'SecretStoreMissing', message});
  }
  return {name: store?.name ?? '', kind: store?.kind ?? 'SecretStore'};
}

function remoteRef({path, source}: NeededValue, {report}: Context) {
  const {key, jsonKey, versionStage, versionId} = partsOf(source);
  if (versionId !== undefined && versionStage !== undefined) {
    const message = 'External Secrets Operator takes a version id or a stage; the id counts.';
    report({path, level: 'approximated', reason: 'VersionStageIgnored', message});
  }
  const version = versionId === undefined ? versionStage : `uuid/${versionId}`;
  return {
    key,
    // A path to External Secrets Operator: dots in a key would be steps.
    ...(jsonKey === undefined ? {} : {property: jsonKey.replaceAll('.', '\\.')}),
    ...(version === undefined ? {} : {version}),
  };
}

function partsOf(source: ValueSource): {key: string; jsonKey?: string; versionStage?: string; versionId?: string} {
  if (source.is === 'SecretsManager') {
    const {is: _, region: __, secretId: key, ...parts} = source;
    return {key, ...parts};
  }
  return {key: source.is === 'ParameterStore' ? source.name : source.key};
}

function dockerConfigTemplate(host: string) {
  const login = '{"username":{{ .username | toJson }},"password":{{ .password | toJson }}}';
  const data = {'.dockerconfigjson': `{"auths":{${JSON.stringify(dockerConfigHost(host))}:${login}}}`};
  return {type: 'kubernetes.io/dockerconfigjson', engineVersion: 'v2', data};
}

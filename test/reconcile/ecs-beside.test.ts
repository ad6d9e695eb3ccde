import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {driftIn} from '../../src/translate/drift.ts';
import {translate} from '../../src/translate/translate.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {eventually} from '../support/eventually.ts';
import {goldenCase, goldenCases, translationOf} from '../support/golden.ts';
import {applierOf, type Applier} from '../support/server-side-apply.ts';

let cluster: Cluster | undefined;
let kube: Applier;

test.before(async () => {
  cluster = await startCluster({nodes: 1});
  kube = applierOf(cluster);
  await cluster.apply(namespace('shop'));
  for (const [kind, group, version, scope, spec] of foreign) await cluster.apply(definitionOf(kind, group, version, scope, spec));
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
});

test.after.always(async () => {
  await kube?.close();
  await cluster?.stop();
});

function namespace(name: string): string {
  return JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name}});
}

const text = {type: 'string'};
const labels = {type: 'object', properties: {matchLabels: {type: 'object', additionalProperties: text}}};

const store = {type: 'object', properties: {name: text, kind: {type: 'string', enum: ['SecretStore', 'ClusterSecretStore']}}};

/** Kinds of others, with the fields of their published API that are used here. */
const foreign: readonly (readonly [kind: string, group: string, version: string, scope: 'Namespaced' | 'Cluster', spec: object])[] = [
  [
    'TargetGroupBinding',
    'elbv2.k8s.aws',
    'v1beta1',
    'Namespaced',
    {
      serviceRef: {
        type: 'object',
        required: ['name', 'port'],
        properties: {name: text, port: {'x-kubernetes-int-or-string': true, anyOf: [{type: 'integer'}, text]}},
      },
      targetGroupARN: text,
      targetType: {type: 'string', enum: ['instance', 'ip']},
    },
  ],
  [
    'SecurityGroupPolicy',
    'vpcresources.k8s.aws',
    'v1beta1',
    'Namespaced',
    {
      podSelector: labels,
      securityGroups: {type: 'object', properties: {groupIds: {type: 'array', minItems: 1, maxItems: 16, items: text}}},
    },
  ],
  [
    'ExternalSecret',
    'external-secrets.io',
    'v1',
    'Namespaced',
    {
      refreshPolicy: {type: 'string', enum: ['CreatedOnce', 'Periodic', 'OnChange']},
      secretStoreRef: store,
      target: {
        type: 'object',
        properties: {
          name: text,
          creationPolicy: {type: 'string', enum: ['Owner', 'Orphan', 'Merge', 'None']},
          template: {
            type: 'object',
            properties: {
              type: text,
              engineVersion: {type: 'string', enum: ['v2']},
              data: {type: 'object', additionalProperties: text},
            },
          },
        },
      },
      data: {
        type: 'array',
        items: {
          type: 'object',
          required: ['secretKey', 'remoteRef'],
          properties: {
            secretKey: {type: 'string', pattern: '^[-._a-zA-Z0-9]+$'},
            remoteRef: {type: 'object', required: ['key'], properties: {key: text, property: text, version: text}},
            sourceRef: {type: 'object', properties: {storeRef: store}},
          },
        },
      },
    },
  ],
  [
    'PodIdentityAssociation',
    'eks.services.k8s.aws',
    'v1alpha1',
    'Namespaced',
    {clusterName: text, namespace: text, serviceAccount: text, roleARN: text},
  ],
  [
    'VolumeSnapshotContent',
    'snapshot.storage.k8s.io',
    'v1',
    'Cluster',
    {
      deletionPolicy: {type: 'string', enum: ['Delete', 'Retain']},
      driver: text,
      source: {type: 'object', properties: {snapshotHandle: text}},
      volumeSnapshotRef: {type: 'object', properties: {name: text, namespace: text}},
    },
  ],
  [
    'VolumeSnapshot',
    'snapshot.storage.k8s.io',
    'v1',
    'Namespaced',
    {source: {type: 'object', properties: {volumeSnapshotContentName: text}}},
  ],
];

function definitionOf(kind: string, group: string, version: string, scope: string, properties: object): string {
  const plural = kind === 'SecurityGroupPolicy' ? 'securitygrouppolicies' : `${kind.toLowerCase()}s`;
  const spec = {type: 'object', properties};
  const schema = {openAPIV3Schema: {type: 'object', properties: {spec}}};
  const approved = {'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814'};
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${plural}.${group}`, ...(group.endsWith('.k8s.io') ? {annotations: approved} : {})},
    spec: {
      group,
      scope,
      names: {kind, plural, singular: kind.toLowerCase()},
      versions: [{name: version, served: true, storage: true, schema}],
    },
  });
}

test('the API server takes every object of the golden translations, strictly and without a warning', async (t) => {
  const taken = new Set<string>();
  await cluster?.apply(namespace('tried'));
  for (const golden of goldenCases) {
    for (const manifest of translationOf(golden, 'web', 'tried').manifests) {
      const {status, message, warning} = await kube.apply(manifest, {dryRun: true});
      const what = `${golden.title}: ${manifest.kind} ${manifest.metadata.name}`;
      t.is(message, undefined, what);
      t.is(warning, undefined, what);
      if (status < 300) taken.add(manifest.kind);
    }
  }
  // So that none of them is left out without anybody seeing it.
  t.deepEqual([...taken].toSorted(), [
    'ConfigMap',
    'DaemonSet',
    'Deployment',
    'ExternalSecret',
    'Job',
    'NetworkPolicy',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'PodIdentityAssociation',
    'SecurityGroupPolicy',
    'Service',
    'ServiceAccount',
    'StorageClass',
    'TargetGroupBinding',
    'VolumeSnapshot',
    'VolumeSnapshotContent',
  ]);
});

test('what the API server keeps of an object shows no drift, so that it is not applied again and again', async (t) => {
  for (const [index, golden] of goldenCases.entries()) {
    const place = `kept-${index}`;
    await cluster?.apply(namespace(place));
    // Two of them may ask for one name, so each has a namespace of its own.
    for (const manifest of translationOf(golden, 'web', place).manifests) {
      const what = `${golden.title}: ${manifest.kind} ${manifest.metadata.name}`;
      t.is((await kube.apply(manifest)).message, undefined, what);
      t.is(driftIn(await kube.get(manifest), manifest), undefined, what);
    }
  }
});

test('a claim takes the volume that was made for it, and no other claim does; the pods that mount it run', async (t) => {
  const manifests = translationOf(goldenCase('file systems that exist are mounted by their drivers'), 'mounted', 'shop').manifests;
  const [volume] = manifests.filter(({kind}) => kind === 'PersistentVolume');
  t.truthy(volume);
  if (volume === undefined) return;
  await kube.apply(volume);
  const thief = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {name: 'thief', namespace: 'shop'},
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      volumeName: volume.metadata.name,
      resources: {requests: {storage: '1Gi'}},
    },
  };
  await kube.apply(thief);
  for (const manifest of manifests) await kube.apply(manifest);
  for (const claim of manifests.filter(({kind}) => kind === 'PersistentVolumeClaim')) {
    await eventually(`${claim.metadata.name} is bound`, async () => phaseOf(await kube.get(claim)) === 'Bound');
  }
  t.not(phaseOf(await kube.get(thief)), 'Bound');
  const [deployment] = manifests;
  if (deployment === undefined) return;
  await eventually('its pod runs', async () => {
    const {status} = (await kube.get(deployment)) as unknown as {status?: {availableReplicas?: number}};
    return status?.availableReplicas === 1;
  });
  t.pass();
});

function phaseOf(object: KubeObject | undefined): string | undefined {
  return (object?.['status'] as {phase?: string} | undefined)?.phase;
}

interface Slice {
  readonly metadata: {readonly labels: Readonly<Record<string, string>>};
  readonly endpoints?: readonly {readonly addresses: readonly string[]}[];
  readonly ports?: readonly {readonly port: number; readonly appProtocol?: string}[];
}

test('names of Service Connect lead to the ports of the containers', async (t) => {
  for (const manifest of translationOf(goldenCase('Service Connect names become Services'), 'connected', 'shop').manifests)
    await kube.apply(manifest);
  const expected = {web: [8080, 9090], api: [8080], db: [8080], orders: [9090], 'admin-port-ephvq0': [8081]};
  const found = await eventually('every Service has its pod', async () => {
    const answer = await cluster?.kubectl(['get', 'endpointslices', '-n', 'shop', '-o', 'json', '-l', 'ecs.drayage.dev/service=connected']);
    const {items} = JSON.parse(answer?.stdout ?? '{"items":[]}') as {items: readonly Slice[]};
    const ready = items.filter(({endpoints}) => (endpoints ?? []).length > 0);
    return ready.length === Object.keys(expected).length ? ready : undefined;
  });
  const ports = found.map(({metadata, ports: all = []}) => [
    metadata.labels['kubernetes.io/service-name'],
    all.map(({port}) => port).toSorted((a, b) => a - b),
  ]);
  t.deepEqual(Object.fromEntries(ports), expected);
});

test('a volume from EBS is asked for by each pod, with the class that was made for it', async (t) => {
  // Another volume than in the golden one: a snapshot would have to be there.
  const task = goldenCase('an EBS volume is made for each pod').read('task-definition.json');
  const service = {desiredCount: 2, volumeConfigurations: [{name: 'data', managedEBSVolume: {sizeInGiB: 20, volumeType: 'gp3'}}]};
  const {manifests} = translate(task, service, {name: 'disks', namespace: 'shop'});
  for (const manifest of manifests) t.is((await kube.apply(manifest)).message, undefined, manifest.kind);
  const claims = await eventually('two claims', async () => {
    const answer = await cluster?.kubectl(['get', 'pvc', '-n', 'shop', '-o', 'json', '-l', 'ecs.drayage.dev/service=disks']);
    const {items} = JSON.parse(answer?.stdout ?? '{"items":[]}') as {items: readonly KubeObject[]};
    return items.length === 2 ? items : undefined;
  });
  const className = manifests.find(({kind}) => kind === 'StorageClass')?.metadata.name;
  for (const claim of claims) {
    t.like(claim['spec'], {storageClassName: className, accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '20Gi'}}});
    t.is(claim.metadata.ownerReferences?.[0]?.kind, 'Pod');
  }
});

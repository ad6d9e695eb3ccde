import type {Doors} from '../../../src/kinds/doors.ts';
import {service as kind} from '../../../src/kinds/service/index.ts';
import type {ServiceStep} from '../../../src/kinds/service/steps.ts';
import type {ServiceSpec} from '../../../src/kinds/service/schema.ts';
import {withDigests} from '../../../src/kinds/sources.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import type {ClusterSettings} from '../../../src/translate/cluster-settings.ts';
import {revisionManifest} from '../../../src/translate/revision.ts';
import {MemoryAws} from '../../support/memory-aws.ts';
import {cacheOf, walkOnce} from '../../support/walk.ts';
import {revision, service} from './objects.ts';

/** A namespace and an account in memory: what AWS holds, what it was asked, and which objects there are. */
export class MemoryValues extends MemoryAws {
  objects: KubeObject[] = [];
  settings: ClusterSettings = {secrets: {allowedResources: ['arn:aws:*']}};
  resource: Resource<ServiceSpec> = service();

  run(over: Record<string, unknown>, number = 3): void {
    const {definition} = revision(over, number);
    const manifest = revisionManifest(definition, number, {...this.resource, metadata: {...this.resource.metadata, name: 'web'}});
    this.objects = [...this.objects.filter(({metadata}) => metadata.name !== manifest.metadata.name), manifest];
  }

  /** Walks until nothing more is to be done; gives all steps, and what the last walk says. */
  async walk() {
    const steps: ServiceStep[] = [];
    for (let round = 1; ; round += 1) {
      const walked = await this.#walkOnce();
      steps.push(...walked.steps);
      this.resource = {...this.resource, status: walked.report.fields};
      if (walked.outcome.is !== 'waiting' || round === 5) return {...walked, steps};
    }
  }

  #walkOnce() {
    const doors: Doors = {
      aws: this.aws(),
      kube: this.#kube(),
      cache: cacheOf(() => [this.#cluster(), ...this.objects.map((object) => (object.kind === 'Secret' ? withDigests(object) : object))]),
      clusterId: 'c',
      now: () => new Date('2026-01-01T00:00:00Z'),
    };
    return walkOnce(kind, this.resource, doors);
  }

  find(kindName: string, name?: string): KubeObject | undefined {
    return this.objects.find(({kind, metadata}) => kind === kindName && (name === undefined || metadata.name === name));
  }

  /** The contents of each Secret, by what its name begins with. */
  contents(what: string): Record<string, string> | undefined {
    const found = this.objects.find(({kind, metadata}) => kind === 'Secret' && metadata.name.startsWith(`shop-${what}-`));
    if (found === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(found['data'] as object).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]),
    );
  }

  #cluster(): KubeObject {
    return {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Cluster', metadata: {name: 'default'}, spec: this.settings};
  }

  #kube(): Doors['kube'] {
    return {
      get: async ({type, name}: {type: {kind: string}; name: string}) => this.find(type.kind, name),
      page: async () => ({items: [], resourceVersion: '1'}),
      apply: async (_type: unknown, object: KubeObject) => {
        this.calls.push(`apply ${object.kind}`);
        const {uid = `uid-${this.calls.length}`} = this.find(object.kind, object.metadata.name)?.metadata ?? {};
        const status =
          object.kind === 'Deployment'
            ? {status: {observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}}
            : {};
        const applied = {...object, ...status, metadata: {...object.metadata, uid}};
        const isOld = ({kind}: KubeObject): boolean => object.kind === 'Deployment' && kind === 'Pod';
        this.objects = [
          ...podsOf(object),
          ...this.objects
            .filter((one) => !isOld(one))
            .filter(({kind, metadata}) => kind !== object.kind || metadata.name !== object.metadata.name),
          applied,
        ];
        return applied;
      },
      delete: async ({type, name}: {type: {kind: string}; name: string}, {uid}: {uid?: string}) => {
        this.calls.push(`delete ${type.kind}`);
        if (uid === undefined) throw new Error('deleted without a uid');
        this.objects = this.objects.filter(({kind, metadata}) => kind !== type.kind || metadata.name !== name);
        return true;
      },
    } as unknown as Doors['kube'];
  }
}

/** Two pods that have been ready for long. */
function podsOf({kind, spec}: KubeObject): readonly KubeObject[] {
  if (kind !== 'Deployment') return [];
  const {template} = spec as {template: {metadata: {labels: Record<string, string>}}};
  const conditions = [{type: 'Ready', status: 'True', lastTransitionTime: '2025-12-31T00:00:00Z'}];
  return ['a', 'b'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'ns', uid: `uid of ${name}`, labels: template.metadata.labels},
    status: {phase: 'Running', conditions, containerStatuses: [{name: 'web', state: {running: {startedAt: '2025-12-31T00:00:00Z'}}}]},
  }));
}

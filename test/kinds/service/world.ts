import {courseOf} from '../../../src/kinds/service/course.ts';
import {trafficOf} from '../../../src/kinds/service/made.ts';
import {wantedOf} from '../../../src/kinds/service/manifest.ts';
import {plan} from '../../../src/kinds/service/plan.ts';
import type {ServiceSpec, ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {status} from '../../../src/kinds/service/status.ts';
import type {ServiceStep} from '../../../src/kinds/service/steps.ts';
import type {Outcome} from '../../../src/kinds/outcome.ts';
import {conditionsOf, type Condition} from '../../../src/kinds/conditions.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {parseReference, type Revision} from '../../../src/translate/revision.ts';
import {revision, service} from './objects.ts';

/** Images whose containers do not run: they exit at once, or cannot be pulled. Every other runs. */
export const crashing = 'app:crashes';
export const missing = 'app:missing';

interface Pod extends KubeObject {
  readonly metadata: KubeObject['metadata'] & {readonly labels: Readonly<Record<string, string>>};
  readonly of: string;
  readonly image: string;
  readonly restarts: number;
  readonly isReady: boolean;
  readonly readySince?: string;
}

type WholeStatus = ServiceStatus & {conditions?: readonly Condition[]};

/**
 * A service between a fake API server, a fake kubelet and fake controllers of Kubernetes, with a clock that only moves when it
 * is told to. `walk` is one walk of the operator; `run` is one round of everything else.
 */
export class World {
  now = new Date('2026-01-01T00:00:00Z');
  resource: Resource<ServiceSpec>;
  revisions: readonly Revision[] = [];
  objects: readonly KubeObject[] = [];
  pods: readonly Pod[] = [];
  done: readonly string[] = [];
  outcome: Outcome | undefined;
  #made = 0;

  constructor(spec: Partial<ServiceSpec> = {}) {
    this.resource = service(spec);
  }

  register(image = 'app:runs', over: Record<string, unknown> = {}): this {
    const number = this.revisions.length + 1;
    const container = {name: 'web', image, memory: 64, ...over};
    this.revisions = [...this.revisions, revision({containerDefinitions: [container]}, number)];
    return this;
  }

  change(spec: Partial<ServiceSpec>): this {
    this.resource = {...this.resource, spec: {...this.resource.spec, ...spec}};
    return this;
  }

  annotate(annotations: Readonly<Record<string, string>>): this {
    this.resource = {...this.resource, metadata: {...this.resource.metadata, annotations}};
    return this;
  }

  get status(): WholeStatus {
    return this.resource.status ?? {};
  }

  get ready(): Condition | undefined {
    return this.status.conditions?.find(({type}) => type === 'Ready');
  }

  wait(seconds: number): this {
    this.now = new Date(this.now.getTime() + seconds * 1000);
    return this;
  }

  walk(): this {
    const steps: ServiceStep[] = [];
    for (let round = 0; ; round += 1) {
      const made = plan(this.resource, this.#seen(), this.now);
      this.outcome = made.then;
      if (made.steps.length === 0) break;
      if (round === 3) throw new Error(`does not converge: ${made.steps.map(({why}) => why).join(', ')}`);
      for (const step of made.steps) this.#apply(step);
      steps.push(...made.steps);
    }
    this.traffic = this.#trafficNow();
    this.done = [...this.done, ...steps.map(({why}) => why)];
    const {fields, conditions: claims} = status(this.resource, this.#seen(), this.outcome, this.now);
    const conditions = conditionsOf({previous: this.status.conditions ?? [], outcome: this.outcome, claims, generation: 1, now: this.now});
    this.resource = {...this.resource, status: JSON.parse(JSON.stringify({...fields, conditions})) as unknown};
    return this;
  }

  /** Kubernetes' own controllers and the kubelet, once. */
  run(): this {
    for (const object of this.objects.filter(({kind}) => kind === 'Deployment')) this.#reconcile(object);
    this.pods = this.pods.filter(({of}) => this.objects.some(({metadata}) => metadata.name === of)).map((pod) => this.#live(pod));
    this.objects = this.objects.map((object) => (object.kind === 'Deployment' ? {...object, status: this.#counts(object)} : object));
    return this;
  }

  /** So many rounds of everything, each of so many seconds. */
  go(rounds = 6, seconds = 15): this {
    for (let round = 0; round < rounds; round += 1) this.walk().run().wait(seconds);
    return this.walk();
  }

  podsOf(image: string): readonly Pod[] {
    return this.pods.filter((pod) => pod.image === image);
  }

  find(kind: string, name: string): KubeObject | undefined {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name);
  }

  /** The image of the deployment that gets the traffic, as the last walk left it; `both` where it is shared. */
  traffic = 'none';

  #trafficNow(): string {
    const seen = this.#seen();
    const course = seen.revision && courseOf(this.resource, seen, wantedOf(this.resource, seen.revision, {}), this.now);
    const id = course && trafficOf(course);
    if (id === undefined) return 'both';
    const pod = this.pods.find(({metadata}) => metadata.labels['ecs.drayage.dev/deployment'] === id);
    return pod?.image ?? 'none';
  }

  #seen() {
    const asked = this.#named(this.resource.spec.taskDefinition);
    const steady = this.#named(this.status.lastCompleted?.taskDefinition);
    const pods = this.pods.map((pod) => podObject(pod));
    return {...(asked && {revision: asked}), ...(steady && {steady}), objects: this.objects, pods};
  }

  #named(text = ''): Revision | undefined {
    const reference = parseReference(text);
    if (reference === undefined) return undefined;
    return reference.revision === undefined ? this.revisions.at(-1) : this.revisions.find((one) => one.revision === reference.revision);
  }

  #apply(step: ServiceStep): void {
    if (step.is === 'secret') throw new Error('no Secrets here');
    const isIt = (one: KubeObject): boolean => one.kind === step.object.kind && one.metadata.name === step.object.metadata.name;
    const before = this.objects.find(isIt);
    const others = this.objects.filter((one) => !isIt(one));
    if (step.is === 'delete') {
      this.objects = others;
      return;
    }
    const object = step.is === 'scale' ? {...step.object, spec: {...(step.object.spec as object), replicas: step.replicas}} : step.object;
    const generation = (before?.metadata.generation ?? 0) + 1;
    this.#made += 1;
    const metadata = {...object.metadata, uid: before?.metadata.uid ?? `uid-${this.#made}`, generation};
    this.objects = [...others, {...object, metadata, ...(before?.status === undefined ? {} : {status: before.status})}];
  }

  #reconcile(deployment: KubeObject): void {
    const {replicas, paused = false, template} = specOf(deployment);
    if (paused) return;
    const {name} = deployment.metadata;
    const mine = this.pods.filter(({of}) => of === name);
    const labels = template.metadata.labels;
    const isNew = (pod: Pod): boolean => pod.metadata.labels['ecs.drayage.dev/deployment'] === labels['ecs.drayage.dev/deployment'];
    const fresh = mine.filter(isNew);
    const kept = fresh.slice(0, replicas);
    const added = Array.from({length: Math.max(0, replicas - fresh.length)}, () =>
      this.#pod(name, labels, template.spec.containers[0].image),
    );
    const old = mine.filter((pod) => !isNew(pod)).slice(0, Math.max(0, replicas - kept.filter(({isReady}) => isReady).length));
    this.pods = [...this.pods.filter(({of}) => of !== name), ...old, ...kept, ...added];
  }

  #pod(of: string, labels: Readonly<Record<string, string>>, image: string): Pod {
    this.#made += 1;
    const metadata = {name: `${of}-${this.#made}`, namespace: 'ns', labels, creationTimestamp: this.now.toISOString()};
    return {apiVersion: 'v1', kind: 'Pod', metadata, of, image, restarts: 0, isReady: false};
  }

  #live(pod: Pod): Pod {
    if (pod.image === crashing) return {...pod, restarts: pod.restarts + 1};
    if (pod.image === missing || pod.isReady) return pod;
    return {...pod, isReady: true, readySince: this.now.toISOString()};
  }

  #counts({metadata, spec, status: before}: KubeObject): object {
    const {paused = false, template} = spec as DeploymentSpec;
    const label = template.metadata.labels['ecs.drayage.dev/deployment'];
    const mine = this.pods.filter(({of}) => of === metadata.name);
    const ready = mine.filter(({isReady}) => isReady).length;
    const updated = mine.filter((pod) => pod.metadata.labels['ecs.drayage.dev/deployment'] === label).length;
    if (paused) return {...(before as object), observedGeneration: metadata.generation};
    const counts = {replicas: mine.length, updatedReplicas: updated, readyReplicas: ready, availableReplicas: ready};
    return {observedGeneration: metadata.generation, ...counts, conditions: [{type: 'Available', status: ready > 0 ? 'True' : 'False'}]};
  }
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly paused?: boolean;
  readonly template: {
    readonly metadata: {readonly labels: Readonly<Record<string, string>>};
    readonly spec: {readonly containers: readonly [{readonly image: string}]};
  };
}

function specOf(deployment: KubeObject): DeploymentSpec {
  return deployment.spec as DeploymentSpec;
}

function podObject({metadata, image, restarts, isReady, readySince}: Pod): KubeObject {
  const state =
    image === crashing
      ? {waiting: {reason: 'CrashLoopBackOff', message: 'back-off'}}
      : image === missing
        ? {waiting: {reason: 'ImagePullBackOff', message: 'no such image'}}
        : {running: {}};
  const ready = {type: 'Ready', status: isReady ? 'True' : 'False', ...(readySince === undefined ? {} : {lastTransitionTime: readySince})};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    status: {
      phase: 'Running',
      startTime: metadata.creationTimestamp,
      conditions: [ready],
      containerStatuses: [{name: 'web', restartCount: restarts, state}],
    },
  };
}

import type {CapacityProvider, Toleration} from '../cluster-settings.ts';
import {providersFor, type Share} from '../compute/providers.ts';
import {selectionOf} from '../compute/selection.ts';
import type {Context} from '../context.ts';
import type {TaskDefinition, WhereToRun} from '../ecs.ts';
import {at} from '../field-path.ts';
import type {Report} from '../note.ts';
import {constrained, tooLarge} from './constraints.ts';
import type {Neighbours} from './groups.ts';
import {every, type Terms} from './normal-form.ts';
import type {Requirement} from './requirements.ts';
import {hostnameLabel, spreadOf, type Spread} from './strategy.ts';

type Labels = Readonly<Record<string, string>>;

/** On which nodes the pods of a task run. */
export interface Placement {
  readonly nodeSelector: Labels;
  readonly tolerations: readonly Toleration[];
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints: readonly Readonly<Record<string, unknown>>[];
  /** For the pods, so that an EKS Fargate profile selects them. */
  readonly podLabels: Labels;
}

/** What a task asks of where it runs, and how its fields are called. */
export interface Asked {
  readonly where: WhereToRun;
  /** `service` or `runTask`: where the paths of `where` begin. */
  readonly root: string;
  /** Labels that all tasks of the group have. */
  readonly group: Labels;
  /** One pod on each node, as a daemon has it. */
  readonly isDaemon?: boolean;
  /** Spread over zones where no strategy says otherwise. */
  readonly isBalanced?: boolean;
}

const overZones = {type: 'spread', field: 'attribute:ecs.availability-zone'} as const;

/** Constraints and strategies of placement, launch type and capacity providers. */
export function placementOf(task: TaskDefinition, asked: Asked, {cluster, report}: Context): Placement {
  const {where, root, group, isDaemon = false, isBalanced = false} = asked;
  const shares = providersFor(task, where, root, cluster, report);
  const {attributes = {}} = cluster;
  const nodes = {attributes, computes: shares.length === 0 ? (['Any'] as const) : shares.map(({provider: {compute = 'Any'}}) => compute)};
  const ofTask = constrained(task.placementConstraints ?? [], 'placementConstraints', nodes, report);
  const ofService = constrained(where.placementConstraints ?? [], at(root, 'placementConstraints'), nodes, report);
  reportOnFargate(task, where, root, shares, report);
  if (isDaemon && where.placementStrategy !== undefined) {
    const message = 'A daemon runs on every node, and ECS takes no strategy for it; remove the field.';
    report({path: at(root, 'placementStrategy'), level: 'refused', reason: 'StrategyOfDaemon', message});
  }
  const [only, ...others] = shares;
  const isOne = only !== undefined && others.length === 0;
  const selections = shares.map(({provider}) => selectionOf(provider));
  const wanted = [ofTask.terms ?? [[]], ofService.terms ?? [[]], isOne || shares.length === 0 ? [[]] : selections];
  // One that is the only one stands as a node selector, as far as it can be said so.
  const alone = isOne ? (selections[0] ?? []) : [];
  const terms = every([...wanted, [alone.filter((one) => !isPlain(one))]]);
  if (terms === undefined) tooLarge(report, 'placementConstraints');
  const affinity = affinityOf({
    terms: terms ?? [[]],
    preferred: isOne ? [] : shares,
    neighbours: [...ofTask.neighbours, ...ofService.neighbours],
    ...((ofTask.isDistinct || ofService.isDistinct) && !isDaemon ? {apart: group} : {}),
  });
  const strategies = where.placementStrategy ?? (isBalanced && !isDaemon ? [overZones] : []);
  const spread = spreadOf(strategies, at(root, 'placementStrategy'), attributes, report);
  return {
    nodeSelector: Object.fromEntries(alone.filter(isPlain).map(({key, values = []}) => [key, values[0] ?? ''])),
    tolerations: unique(shares.flatMap(({provider}) => provider.tolerations ?? [])),
    ...(affinity === undefined ? {} : {affinity}),
    topologySpreadConstraints: spread.map((one: Spread) => ({...one, labelSelector: {matchLabels: group}})),
    podLabels: isOne ? (only.provider.podLabels ?? {}) : {},
  };
}

function isPlain({operator, values = []}: Requirement): boolean {
  return operator === 'In' && values.length === 1;
}

interface Affinity {
  readonly terms: Terms<Requirement>;
  readonly preferred: readonly Share[];
  readonly neighbours: readonly Neighbours[];
  readonly apart?: Labels;
}

function affinityOf({terms, preferred, neighbours, apart}: Affinity): Readonly<Record<string, unknown>> | undefined {
  // A term without expressions matches no node in Kubernetes; here it means all of them.
  const required = terms.some((term) => term.length === 0) ? [] : terms.map((matchExpressions) => ({matchExpressions}));
  const wished = preferred
    .map(({provider, share}) => ({weight: share, preference: {matchExpressions: selectionOf(provider)}}))
    .filter(({preference}) => preference.matchExpressions.length > 0);
  const near = neighbours.filter(({isNear}) => isNear).map(termOf);
  const far = [
    ...(apart === undefined ? [] : [{labelSelector: {matchLabels: apart}, topologyKey: hostnameLabel}]),
    ...neighbours.filter(({isNear}) => !isNear).map(termOf),
  ];
  const nodeAffinity = {
    ...(required.length === 0 ? {} : {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: required}}),
    ...(wished.length === 0 ? {} : {preferredDuringSchedulingIgnoredDuringExecution: wished}),
  };
  const affinity = {
    ...(Object.keys(nodeAffinity).length === 0 ? {} : {nodeAffinity}),
    ...(near.length === 0 ? {} : {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: near}}),
    ...(far.length === 0 ? {} : {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: far}}),
  };
  return Object.keys(affinity).length === 0 ? undefined : affinity;
}

function termOf({labelSelector}: Neighbours): Readonly<Record<string, unknown>> {
  return {labelSelector, topologyKey: hostnameLabel};
}

function reportOnFargate(task: TaskDefinition, where: WhereToRun, root: string, shares: readonly Share[], report: Report): void {
  if (!shares.some(({provider}) => isFargate(provider)) && where.launchType !== 'FARGATE') return;
  const fields = [
    ...(task.placementConstraints === undefined ? [] : ['placementConstraints']),
    ...(where.placementConstraints === undefined ? [] : [at(root, 'placementConstraints')]),
    ...(where.placementStrategy === undefined ? [] : [at(root, 'placementStrategy')]),
  ];
  for (const path of fields) {
    report({
      path,
      level: 'refused',
      reason: 'IncompatibleWithFargate',
      message: 'ECS places no task of Fargate by this; remove the field.',
    });
  }
}

function isFargate({name}: CapacityProvider): boolean {
  return name === 'FARGATE' || name === 'FARGATE_SPOT';
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

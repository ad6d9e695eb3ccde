import type {CapacityProvider, CapacityProviderStrategyItem, ClusterSettings} from '../cluster-settings.ts';
import type {TaskDefinition, WhereToRun} from '../ecs.ts';
import {at} from '../field-path.ts';
import type {Report} from '../note.ts';
import {acknowledge} from '../recorder.ts';

/** A capacity provider that a task may run on. `share`: 1 to 100, how much the scheduler likes it among the others. */
export interface Share {
  readonly provider: CapacityProvider;
  readonly share: number;
}

const strategyField = 'capacityProviderStrategy';
const launchTypes = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const;

/**
 * Where a task runs: its launch type, or its strategy, or the Cluster's default strategy, or the one thing that its definition
 * is compatible with. None: any node. `root` is where the paths of `asked` begin.
 */
export function providersFor(
  task: TaskDefinition,
  asked: WhereToRun,
  root: string,
  cluster: ClusterSettings,
  report: Report,
): readonly Share[] {
  const {launchType, capacityProviderStrategy: strategy} = asked;
  const compatible = [...(task.requiresCompatibilities ?? [])];
  if (launchType !== undefined && strategy !== undefined) {
    refuse(report, at(root, 'launchType'), 'LaunchTypeWithStrategy', `ECS takes launchType or ${strategyField}, not both; remove one.`);
  }
  if (launchType !== undefined && compatible.length > 0 && !compatible.includes(launchType)) {
    const message = `The task definition is for ${compatible.join(', ')}; name one of them, or add ${launchType} to requiresCompatibilities.`;
    refuse(report, at(root, 'launchType'), 'IncompatibleWithLaunchType', message);
  }
  if (strategy !== undefined) return ofStrategy(strategy, at(root, strategyField), cluster, report);
  if (launchType !== undefined) return ofLaunchType(launchType, at(root, 'launchType'), cluster, report);
  const byDefault = cluster.defaultCapacityProviderStrategy;
  if (byDefault !== undefined) return ofStrategy(byDefault, at(root, strategyField), cluster, report);
  const [only, ...others] = compatible;
  const provider = others.length === 0 ? find(cluster, only) : undefined;
  return provider === undefined ? [] : [{provider, share: 100}];
}

function ofLaunchType(name: (typeof launchTypes)[number], path: string, cluster: ClusterSettings, report: Report): readonly Share[] {
  const provider = find(cluster, name);
  if (provider !== undefined) return [{provider, share: 100}];
  const message = `The Cluster has no capacity provider ${name}, so the scheduler chooses among all nodes.`;
  report({path, level: 'ignored', reason: 'LaunchTypeIgnored', message});
  return [];
}

function ofStrategy(
  items: readonly CapacityProviderStrategyItem[],
  path: string,
  cluster: ClusterSettings,
  report: Report,
): readonly Share[] {
  if (items.length > 1 && items.every(({weight = 0}) => weight === 0)) {
    acknowledge(items);
    refuse(report, path, 'AllWeightsZero', 'ECS refuses a strategy in which every weight is 0; give one a weight.');
    return [];
  }
  if (items.filter(({base = 0}) => base > 0).length > 1) {
    refuse(report, path, 'SeveralBases', 'Only one capacity provider of a strategy may have a base; remove the others.');
  }
  if (cluster.capacityProviders === undefined) {
    const message = 'The Cluster has no capacity providers, so the scheduler chooses among all nodes.';
    acknowledge(items);
    report({path, level: 'ignored', reason: 'CapacityProvidersIgnored', message});
    return [];
  }
  const isWanted = ({weight = 0, base = 0}: CapacityProviderStrategyItem): boolean => items.length === 1 || weight + base > 0;
  const wanted = items
    .map((item, index) => ({item, index}))
    .filter(({item, index}) => {
      if (isWanted(item)) return true;
      const message = `No task is placed on ${item.capacityProvider}, because its weight is 0.`;
      report({path: at(path, index), level: 'ignored', reason: 'CapacityProviderUnused', message});
      return false;
    });
  const found = wanted.flatMap(({item, index}) => {
    const provider = find(cluster, item.capacityProvider);
    if (provider !== undefined) return [{provider, item}];
    const known = cluster.capacityProviders?.map(({name}) => name).join(', ');
    const message = `The Cluster has no capacity provider ${item.capacityProvider}, but ${known}; name one of them, or add it to the Cluster.`;
    refuse(report, at(path, index, 'capacityProvider'), 'CapacityProviderNotFound', message);
    return [];
  });
  if (found.length < 2) return found.map(({provider}) => ({provider, share: 100}));
  return split(found, path, report);
}

function split(
  found: readonly {readonly provider: CapacityProvider; readonly item: CapacityProviderStrategyItem}[],
  path: string,
  report: Report,
): readonly Share[] {
  const approximated = (message: string): void => report({path, level: 'approximated', reason: 'CapacitySplitApproximate', message});
  const heaviest = Math.max(...found.map(({item}) => item.weight ?? 0));
  const shares = found.map(({provider, item: {weight = 0}}) => ({provider, share: Math.max(1, Math.round((weight / heaviest) * 100))}));
  // Which pods run on EKS Fargate is decided by their labels, before any scheduler sees them.
  const isOnFargate = found.some(({provider}) => provider.compute === 'EKSFargate');
  const first = shares.find(({share}) => share === 100);
  if (isOnFargate && first !== undefined) {
    approximated(
      `All pods run on ${first.provider.name}, which has the largest weight: pods of one kind cannot be divided with EKS Fargate.`,
    );
    return [first];
  }
  approximated(
    'Pods run on these capacity providers only and prefer the one with the largest weight while it has room; base and weight are not counted out.',
  );
  return shares;
}

function find(cluster: ClusterSettings, name: string | undefined): CapacityProvider | undefined {
  return name === undefined ? undefined : cluster.capacityProviders?.find((provider) => provider.name === name);
}

function refuse(report: Report, path: string, reason: string, message: string): void {
  report({path, level: 'refused', reason, message});
}

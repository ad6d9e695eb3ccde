import type {CapacityProvider, Compute} from '../cluster-settings.ts';
import type {Requirement} from '../placement/requirements.ts';

const computeType = 'eks.amazonaws.com/compute-type';

/** What the nodes of each sort have in their labels. Nothing for EKS Fargate: a profile selects pods, and no pod selects it. */
const ofCompute: Readonly<Record<Compute, readonly Requirement[]>> = {
  Any: [],
  EKSFargate: [],
  EKSAutoMode: [{key: computeType, operator: 'In', values: ['auto']}],
  Karpenter: [{key: 'karpenter.sh/nodepool', operator: 'Exists'}],
  ManagedNodes: [{key: computeType, operator: 'NotIn', values: ['auto', 'fargate', 'hybrid']}],
  Hybrid: [{key: computeType, operator: 'In', values: ['hybrid']}],
};

/** What the nodes of a capacity provider have in their labels. */
export function selectionOf({compute = 'Any', capacityType, nodeSelector = {}}: CapacityProvider): readonly Requirement[] {
  return [
    ...ofCompute[compute],
    ...(capacityType === undefined ? [] : priced(compute, capacityType)),
    ...Object.entries(nodeSelector).map(([key, value]): Requirement => ({key, operator: 'In', values: [value]})),
  ];
}

function priced(compute: Compute, capacityType: 'Spot' | 'OnDemand'): readonly Requirement[] {
  if (compute === 'EKSAutoMode' || compute === 'Karpenter') {
    return [{key: 'karpenter.sh/capacity-type', operator: 'In', values: [capacityType === 'Spot' ? 'spot' : 'on-demand']}];
  }
  if (compute !== 'ManagedNodes') return [];
  return [{key: 'eks.amazonaws.com/capacityType', operator: 'In', values: [capacityType === 'Spot' ? 'SPOT' : 'ON_DEMAND']}];
}

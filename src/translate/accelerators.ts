import type {ContainerDefinition} from './ecs.ts';
import type {EnvVar} from './environment.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

export interface Accelerators {
  /** Extended resources that a container asks for. */
  readonly limits: Readonly<Record<string, string>>;
  readonly env: readonly EnvVar[];
}

/** `resourceRequirements`: GPUs and Neuron devices as the resources of their device plugins. */
export function acceleratorsOf(container: ContainerDefinition, path: string, report: Report): Accelerators {
  const limits: Record<string, string> = {};
  const env: EnvVar[] = [];
  for (const [index, {type, value, sharingStrategy}] of (container.resourceRequirements ?? []).entries()) {
    const here = at(path, 'resourceRequirements', index);
    const refuse = (reason: string, message: string): void => report({path: here, level: 'refused', reason, message});
    const resource = type === 'GPU' ? 'nvidia.com/gpu' : type === 'NeuronDevice' ? 'aws.amazon.com/neuron' : undefined;
    if (resource === undefined) {
      if (type === 'InferenceAccelerator') refuse('InferenceAcceleratorUnavailable', 'Elastic Inference is no more; remove it.');
      else refuse('UnknownResource', `${type} is not known; write GPU or NeuronDevice, or remove it.`);
    } else if (sharingStrategy !== undefined) {
      const {memory, maxComputePercent} = sharingStrategy.nvidiaMps ?? {};
      if (value !== undefined) refuse('InvalidField', 'ECS takes either value or sharingStrategy; remove one.');
      const message = 'It asks for one GPU; to share it, the NVIDIA device plugin must be set up for MPS.';
      report({path: here, level: 'approximated', reason: 'GpuSharingApproximated', message});
      limits[resource] = '1';
      if (memory !== undefined) env.push({name: 'CUDA_MPS_PINNED_DEVICE_MEM_LIMIT', value: `0=${memory}M`});
      if (maxComputePercent !== undefined) env.push({name: 'CUDA_MPS_ACTIVE_THREAD_PERCENTAGE', value: String(maxComputePercent)});
    } else if (value?.toUpperCase() === 'ALL') {
      refuse('AllDevicesUnavailable', 'Kubernetes hands out devices by number; write how many the nodes have.');
    } else if (!/^[1-9]\d{0,3}$/.test(value ?? '')) refuse('InvalidField', 'It needs a value: how many.');
    else limits[resource] = value ?? '1';
  }
  return {limits, env};
}

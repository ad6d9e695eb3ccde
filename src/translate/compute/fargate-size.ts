/** A size of Fargate: CPU units (1024 to a vCPU) and MiB. */
export interface FargateSize {
  readonly cpu: number;
  readonly memory: number;
}

const gibibyte = 1024;

/** Memory for each number of CPU units: the least, the most, and the step between. The same in ECS and EKS. */
const ranges: Readonly<Record<number, readonly [number, number, number]>> = {
  512: [1 * gibibyte, 4 * gibibyte, gibibyte],
  1024: [2 * gibibyte, 8 * gibibyte, gibibyte],
  2048: [4 * gibibyte, 16 * gibibyte, gibibyte],
  4096: [8 * gibibyte, 30 * gibibyte, gibibyte],
  8192: [16 * gibibyte, 60 * gibibyte, 4 * gibibyte],
  16384: [32 * gibibyte, 120 * gibibyte, 8 * gibibyte],
};

/** Every size that Fargate has, the smallest first. */
export const fargateSizes: readonly FargateSize[] = [
  ...[512, 1024, 2048].map((memory) => ({cpu: 256, memory})),
  ...Object.entries(ranges).flatMap(([cpu, [least, most, step]]) =>
    Array.from({length: (most - least) / step + 1}, (_, index) => ({cpu: Number(cpu), memory: least + index * step})),
  ),
];

/** EKS adds so much to each pod for the kubelet, kube-proxy and containerd, in MiB. */
const kubernetesOverhead = 256;

export function isFargateSize({cpu, memory}: FargateSize): boolean {
  return fargateSizes.some((size) => size.cpu === cpu && size.memory === memory);
}

/** The size that EKS Fargate gives a pod that asks for this; undefined where it asks for more than there is. */
export function provisionedOnEks({cpu, memory}: FargateSize): FargateSize | undefined {
  return fargateSizes.find((size) => size.cpu >= cpu && size.memory >= memory + kubernetesOverhead);
}

/** `1 vCPU and 8 GB` */
export function sizeText({cpu, memory}: FargateSize): string {
  return `${cpu / 1024} vCPU and ${memory / gibibyte} GB`;
}

/** What memory a number of CPU units may have, for a person; undefined where there is no such number. */
export function memoriesText(cpu: number): string | undefined {
  const memories = fargateSizes.filter((size) => size.cpu === cpu).map(({memory}) => memory);
  const [first, second] = memories;
  if (first === undefined || second === undefined) return undefined;
  const last = memories.at(-1) ?? first;
  return memories.length < 4 ? memories.join(', ') : `${first} to ${last} in steps of ${second - first}`;
}

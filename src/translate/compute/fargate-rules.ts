import type {TaskDefinition} from '../ecs.ts';
import {fargateSizes, isFargateSize, memoriesText} from './fargate-size.ts';

/** Why ECS would not register this for FARGATE: pairs of CPU and memory that Fargate does not have. */
export function wrongFargateSize({cpu, memory}: TaskDefinition): {readonly path: string; readonly message: string} | undefined {
  if (cpu === undefined || memory === undefined || isFargateSize({cpu: Number(cpu), memory: Number(memory)})) return undefined;
  const memories = memoriesText(Number(cpu));
  if (memories !== undefined)
    return {path: 'memory', message: `With cpu ${cpu} FARGATE takes ${memories} MiB; ${memory} is none of these, so choose one.`};
  const known = [...new Set(fargateSizes.map((size) => size.cpu))].join(', ');
  return {path: 'cpu', message: `FARGATE takes ${known} CPU units; ${cpu} is none of these, so choose one.`};
}

import type {DeploymentSettings} from '../../translate/deployment-settings.ts';

/** ECS's stages of a deployment, as far as there are such here. */
export const stages = [
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const;
export type Stage = (typeof stages)[number];

/** One step of a deployment. */
export interface Step {
  readonly stage: Stage;
  /** What someone writes to let it go on from here; told apart where a stage comes several times. */
  readonly key: string;
  /** Percent of the production traffic that the new deployment has meanwhile. */
  readonly share: number;
  /** The share that the new deployment has pods for, before it gets it. */
  readonly sizedFor: number;
  /** How long it lasts at least. */
  readonly minutes: number;
}

/** Back to what ran before; or onto empty ground, where there is no traffic to be shared. */
export type Way = 'BACK' | 'FIRST';

/** The steps of a deployment of this strategy, in their order. Going back takes no detours. */
export function stepsOf({strategy, shares, stepMinutes, bakeMinutes}: DeploymentSettings, way: Way | undefined): readonly Step[] {
  if (strategy === 'ROLLING') {
    if (way === 'BACK') return [step('SCALE_UP', 100)];
    return [step('PRE_SCALE_UP', 0), step('SCALE_UP', 100), step('POST_SCALE_UP', 100), step('BAKE_TIME', 100, {minutes: bakeMinutes})];
  }
  if (way === 'BACK') return [step('SCALE_UP', 100), step('CLEAN_UP', 100)];
  const shared = way === 'FIRST' ? [100] : shares;
  const [sizedFor = 100] = shared;
  const shifts = shared.flatMap((share, index) => {
    const before = shared[index - 1] ?? 0;
    const suffix = index === 0 ? '' : `-${index + 1}`;
    return [
      step('PRE_PRODUCTION_TRAFFIC_SHIFT', before, {key: `PRE_PRODUCTION_TRAFFIC_SHIFT${suffix}`, sizedFor: before || sizedFor}),
      step('PRODUCTION_TRAFFIC_SHIFT', share, {minutes: share < 100 ? stepMinutes : 0}),
    ];
  });
  return [
    ...(['PRE_SCALE_UP', 'SCALE_UP', 'POST_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'] as const).map((stage) => step(stage, 0, {sizedFor})),
    ...shifts,
    step('POST_PRODUCTION_TRAFFIC_SHIFT', 100),
    step('BAKE_TIME', 100, {minutes: bakeMinutes}),
    step('CLEAN_UP', 100),
  ];
}

function step(stage: Stage, share: number, more: Partial<Pick<Step, 'key' | 'sizedFor' | 'minutes'>> = {}): Step {
  return {stage, key: stage, share, sizedFor: share, minutes: 0, ...more};
}

/** How many pods two deployments have while the new one gets so much of the traffic. */
export interface Sizes {
  readonly next: number;
  readonly before: number;
}

/**
 * Where both are behind the same Kubernetes Service, the traffic is shared as the pods are. Nobody gets fewer pods in sum
 * than `desired`, and each has at least one. With a share of 0 or 100 both have their full size.
 */
export function sizesOf(desired: number, share: number): Sizes {
  if (share <= 0 || share >= 100) return {next: desired, before: desired};
  if (share <= 50) return {next: atLeastOne((desired * share) / (100 - share), desired), before: desired};
  return {next: desired, before: atLeastOne((desired * (100 - share)) / share, desired)};
}

function atLeastOne(pods: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(pods)));
}

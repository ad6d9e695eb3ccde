import {invalid} from './answers.ts';
import type {AwsError} from './answers.ts';
import {isObject} from './input-rules.ts';
import {parseObject} from './message.ts';
import type {Json} from './message.ts';

export interface LifecycleRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged' | 'any';
    readonly tagPatternList?: readonly string[];
    readonly tagPrefixList?: readonly string[];
    readonly storageClass?: 'standard' | 'archive';
    readonly countType: 'imageCountMoreThan' | 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned';
    readonly countNumber: number;
  };
  readonly action: {readonly type: 'expire' | 'transition'; readonly targetStorageClass?: 'archive'};
}

const words: Readonly<Record<string, readonly string[]>> = {
  tagStatus: ['tagged', 'untagged', 'any'],
  storageClass: ['standard', 'archive'],
  countType: ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'],
  countUnit: ['days'],
  type: ['expire', 'transition'],
  targetStorageClass: ['archive'],
};

/** The rules of a lifecycle policy, or ECR's refusal. As https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html has it. */
export function readLifecyclePolicy(text: string): {readonly rules: readonly LifecycleRule[]} | {readonly error: AwsError} {
  const document = parseObject(text);
  const {rules = []} = (document ?? {}) as {readonly rules?: readonly LifecycleRule[]};
  const why = document === undefined ? 'Could not map policyString into LifecyclePolicy.' : faultOf(document);
  if (why !== undefined) return {error: invalid('LifecyclePolicyText', `Lifecycle policy validation failure: ${why}`)};
  return {rules: rules.toSorted((a, b) => a.rulePriority - b.rulePriority)};
}

function faultOf(document: Json): string | undefined {
  const shape = shapeFault(document, ['rules'], []);
  if (shape !== undefined) return shape;
  const rules = document['rules'];
  if (!Array.isArray(rules) || rules.length === 0) return 'rules must be a list of at least one';
  return rules.map((rule) => ruleShape(rule)).find((fault) => fault !== undefined) ?? togetherFault(rules as LifecycleRule[]);
}

function ruleShape(rule: unknown): string | undefined {
  const {selection, action, rulePriority} = isObject(rule) ? rule : {};
  return (
    shapeFault(rule, ['action', 'rulePriority', 'selection'], ['description']) ??
    shapeFault(selection, ['countNumber', 'countType', 'tagStatus'], ['countUnit', 'storageClass', 'tagPatternList', 'tagPrefixList']) ??
    shapeFault(action, ['type'], ['targetStorageClass']) ??
    [rulePriority, (selection as Json)['countNumber']].map(positive).find((fault) => fault !== undefined) ??
    meaningFault(rule as LifecycleRule)
  );
}

function shapeFault(value: unknown, required: readonly string[], optional: readonly string[]): string | undefined {
  if (!isObject(value)) return 'instance type does not match any allowed primitive type (allowed: ["object"])';
  const missing = required.filter((name) => value[name] === undefined);
  if (missing.length > 0) return `object has missing required properties (${JSON.stringify(missing)})`;
  const unknown = Object.keys(value).filter((name) => ![...required, ...optional].includes(name));
  if (unknown.length > 0) return `object instance has properties which are not allowed by the schema: (${JSON.stringify(unknown)})`;
  const [name, wrong] = Object.entries(value).find(([key, word]) => words[key] !== undefined && !words[key].includes(String(word))) ?? [];
  return name === undefined ? undefined : `instance value (${JSON.stringify(wrong)}) not found in enum of ${name}`;
}

function positive(value: unknown): string | undefined {
  return Number.isInteger(value) && Number(value) >= 1 ? undefined : `numeric instance is lower than the required minimum (minimum: 1)`;
}

function meaningFault({selection, action}: LifecycleRule): string | undefined {
  const {tagStatus, tagPatternList, tagPrefixList, countType, storageClass} = selection;
  const hasUnit = (selection as Json)['countUnit'] !== undefined;
  const lists = [tagPatternList, tagPrefixList].filter((list) => list !== undefined);
  if (tagStatus === 'tagged' && lists.length === 0) return 'Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.';
  if (lists.length === 2) return 'Cannot specify both tagPrefixList and tagPatternList.';
  if (tagStatus !== 'tagged' && lists.length > 0) return `Cannot specify tags when tagStatus=${tagStatus.toUpperCase()}.`;
  if (lists.some((list) => list.length === 0)) return 'array is too short: must have at least 1 elements';
  if (tagPatternList?.some((pattern) => pattern.split('*').length > 5)) return 'A tag pattern may have at most 4 wildcards.';
  if (hasUnit !== (countType !== 'imageCountMoreThan')) return 'instance failed to match exactly one schema (countType and countUnit)';
  if ((storageClass === 'archive') !== (countType === 'sinceImageTransitioned'))
    return `countType ${countType} cannot be used with this storageClass`;
  if ((action.type === 'transition') !== (action.targetStorageClass !== undefined))
    return 'targetStorageClass is for transitions, and only for them';
  if (countType === 'sinceImagePulled' && action.type === 'expire') return 'countType sinceImagePulled cannot be used with action expire';
  return countType === 'sinceImageTransitioned' && action.type === 'transition' ? 'An archived image cannot be transitioned' : undefined;
}

function togetherFault(rules: readonly LifecycleRule[]): string | undefined {
  const priorities = rules.map(({rulePriority}) => rulePriority);
  if (new Set(priorities).size < rules.length) return 'Rule priorities must be unique.';
  for (const storage of ['standard', 'archive']) {
    const mine = rules.filter(({selection}) => (selection.storageClass ?? 'standard') === storage);
    const untagged = mine.filter(({selection}) => selection.tagStatus === 'untagged');
    if (untagged.length > 1) return 'Only one rule can select Untagged images per storage class';
    const last = Math.max(...mine.map(({rulePriority}) => rulePriority));
    const early = mine.some(({selection, rulePriority}) => selection.tagStatus === 'any' && rulePriority < last);
    if (early) return 'Rule for tagStatus=ANY must have the lowest priority per storage class';
  }
  return undefined;
}

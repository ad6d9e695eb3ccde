import * as z from 'zod';
import {listMap, rule, set} from '../schema/rules.ts';

/** AWS names no limit for these lists; the API server needs one. */
const mostTags = 100;

const Tag = z.string().min(1).max(128);
/** AWS takes up to four wildcards. */
const Pattern = Tag.regex(/^[^*]*(?:\*[^*]*){0,4}$/);

const SelectionFields = z.object({
  tagStatus: z
    .enum(['tagged', 'untagged', 'any'])
    .describe('Which images the rule looks at. `any` comes last: it needs the highest rulePriority of its storage class.'),
  tagPatternList: set(Pattern)
    .min(1)
    .max(mostTags)
    .optional()
    .describe('Tags, with * for any characters (at most four in each). An image is looked at if every pattern matches one of its tags.'),
  tagPrefixList: set(Tag)
    .min(1)
    .max(mostTags)
    .optional()
    .describe('Beginnings of tags. An image is looked at if every prefix begins one of its tags.'),
  storageClass: z
    .enum(['standard', 'archive'])
    .optional()
    .describe('Left out: standard. archive goes with sinceImageTransitioned, and only with it.'),
  countType: z
    .enum(['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'])
    .describe('What is counted: images beyond the newest, or days since an image was pushed, pulled last, or archived.'),
  countUnit: z.enum(['days']).optional().describe('days, with each countType but imageCountMoreThan.'),
  countNumber: z.int32().min(1).describe('How many images are kept, or after how many days the action is taken.'),
});

const tagged = rule(SelectionFields, {
  rule: "self.tagStatus != 'tagged' || has(self.tagPatternList) != has(self.tagPrefixList)",
  message: 'tagStatus tagged needs either tagPatternList or tagPrefixList, and not both',
  test: ({tagStatus, tagPatternList, tagPrefixList}) =>
    tagStatus !== 'tagged' || (tagPatternList !== undefined) !== (tagPrefixList !== undefined),
});
const untagged = rule(tagged, {
  rule: "self.tagStatus == 'tagged' || (!has(self.tagPatternList) && !has(self.tagPrefixList))",
  message: 'tagPatternList and tagPrefixList need tagStatus tagged',
  test: ({tagStatus, tagPatternList, tagPrefixList}) =>
    tagStatus === 'tagged' || (tagPatternList === undefined && tagPrefixList === undefined),
});
const counted = rule(untagged, {
  rule: "has(self.countUnit) == (self.countType != 'imageCountMoreThan')",
  message: 'countUnit days is needed with countType sinceImagePushed, sinceImagePulled and sinceImageTransitioned, and only there',
  test: ({countUnit, countType}) => (countUnit !== undefined) === (countType !== 'imageCountMoreThan'),
});
const Selection = rule(counted, {
  rule: "(has(self.storageClass) && self.storageClass == 'archive') == (self.countType == 'sinceImageTransitioned')",
  message: 'storageClass archive and countType sinceImageTransitioned need each other',
  test: ({storageClass, countType}) => (storageClass === 'archive') === (countType === 'sinceImageTransitioned'),
});

const Action = rule(
  z.object({
    type: z.enum(['expire', 'transition']).describe('expire deletes the image; transition archives it.'),
    targetStorageClass: z.enum(['archive']).optional().describe('Where a transition leads: archive.'),
  }),
  {
    rule: "has(self.targetStorageClass) == (self.type == 'transition')",
    message: 'type transition needs targetStorageClass archive, and expire takes none',
    test: ({type, targetStorageClass}) => (targetStorageClass !== undefined) === (type === 'transition'),
  },
);

const RuleFields = z.object({
  rulePriority: z
    .int32()
    .min(1)
    .describe('The order of the rules, lowest first; each has its own. What a rule looks at, no later rule expires.'),
  description: z.string().max(256).optional().describe('What the rule is for.'),
  selection: Selection.describe('Which images the action is for.'),
  action: Action.describe('What becomes of them, within 24 hours.'),
});

const pulled = rule(RuleFields, {
  rule: "self.selection.countType != 'sinceImagePulled' || self.action.type == 'transition'",
  message:
    'countType sinceImagePulled can only archive: action type transition (a rule with sinceImageTransitioned then expires what is archived)',
  test: ({selection, action}) => selection.countType !== 'sinceImagePulled' || action.type === 'transition',
});
const LifecycleRule = rule(pulled, {
  rule: "self.selection.countType != 'sinceImageTransitioned' || self.action.type == 'expire'",
  message: 'what is archived can only expire: countType sinceImageTransitioned needs action type expire',
  test: ({selection, action}) => selection.countType !== 'sinceImageTransitioned' || action.type === 'expire',
});

type Rule = z.output<typeof LifecycleRule>;

/** A selection's storage class is told by its countType. */
function isSameClass(one: Rule, other: Rule): boolean {
  return (one.selection.countType === 'sinceImageTransitioned') === (other.selection.countType === 'sinceImageTransitioned');
}

const sameClass = "(a.selection.countType == 'sinceImageTransitioned') == (b.selection.countType == 'sinceImageTransitioned')";

const anyLast = rule(listMap(LifecycleRule, 'rulePriority').min(1).max(50), {
  rule: `self.all(a, a.selection.tagStatus != 'any' || self.all(b, b.rulePriority <= a.rulePriority || !(${sameClass})))`,
  message: 'a rule with tagStatus any must have the highest rulePriority of its storage class',
  test: (rules) =>
    rules.every(
      (one) =>
        one.selection.tagStatus !== 'any' || rules.every((other) => other.rulePriority <= one.rulePriority || !isSameClass(one, other)),
    ),
});

/** The rules of a lifecycle policy, as AWS takes them: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html */
export const LifecycleRules = rule(anyLast, {
  rule: `self.all(a, a.selection.tagStatus != 'untagged' || !self.exists(b, b.rulePriority != a.rulePriority && b.selection.tagStatus == 'untagged' && ${sameClass}))`,
  message: 'only one rule of a storage class may have tagStatus untagged',
  test: (rules) =>
    rules.every(
      (one) =>
        one.selection.tagStatus !== 'untagged' ||
        !rules.some((other) => other !== one && other.selection.tagStatus === 'untagged' && isSameClass(one, other)),
    ),
});
export type LifecycleRules = z.output<typeof LifecycleRules>;

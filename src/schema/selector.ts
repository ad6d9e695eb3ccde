import * as z from 'zod';
import {mapOf, rule, set} from './rules.ts';

/** The key of a label. */
export const labelKey = z
  .string()
  .min(1)
  .max(317)
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
/** The value of a label. */
export const labelValue = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/);

const Requirement = rule(
  z.object({
    key: labelKey.describe('The label.'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label is compared with values.'),
    values: set(labelValue).max(64).optional().describe('Needed by In and NotIn; forbidden for Exists and DoesNotExist.'),
  }),
  {
    rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    message: 'In and NotIn need values; Exists and DoesNotExist take none',
    test: ({operator, values}) => (operator === 'In' || operator === 'NotIn') === (values !== undefined && values.length > 0),
  },
);

const LabelSelector = z.object({
  matchLabels: mapOf(labelValue, {max: 64}).optional().describe('Labels that must have exactly these values.'),
  matchExpressions: z.array(Requirement).max(64).optional().describe('Further requirements, all of which must hold.'),
});

/** Kubernetes' LabelSelector. What has no members matches everything. */
export type LabelSelector = z.infer<typeof LabelSelector>;

/** A field that selects by label, as Kubernetes' own do (at most 64 labels and 64 expressions). */
export function labelSelector(): typeof LabelSelector {
  return LabelSelector;
}

/** Whether labels match, as Kubernetes decides it: `NotIn` also holds where the label is absent. */
export function matches(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const exact = Object.entries(selector.matchLabels ?? {});
  if (!exact.every(([key, value]) => valueOf(labels, key) === value)) return false;
  return (selector.matchExpressions ?? []).every((requirement) => holds(requirement, valueOf(labels, requirement.key)));
}

function holds({operator, values = []}: z.infer<typeof Requirement>, value: string | undefined): boolean {
  const present = value !== undefined;
  const listed = present && values.includes(value);
  return {In: listed, NotIn: !listed, Exists: present, DoesNotExist: !present}[operator];
}

function valueOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

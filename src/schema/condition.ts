import * as z from 'zod';
import {listMap} from './rules.ts';

/** metav1.Condition. */
export const Condition = z.object({
  type: z.string().max(316).describe('What is claimed, in UpperCamelCase.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
    .describe('Why, in one word that programs can rely on.'),
  message: z.string().max(32_768).describe('Why, for a person.'),
  lastTransitionTime: z.iso.datetime().describe('When status last changed.'),
  observedGeneration: z.int().min(0).optional().describe('The generation of the object that this was said of.'),
});
export type Condition = z.infer<typeof Condition>;

/** The conditions of an object, one of each type. */
export const Conditions = listMap(Condition, 'type').describe(
  'What is known about the object. Ready is computed from the others; Reconciling and Stalled are there only while True.',
);

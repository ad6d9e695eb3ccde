import * as z from 'zod';
import type {Column} from '../../schema/definition.ts';

const time = z.iso.datetime();

/** What the status of PullSecret and ClusterPullSecret has in common. */
export const sharedStatus = {
  failures: z
    .array(
      z.object({
        namespace: z.string().max(63).describe('The namespace.'),
        serviceAccount: z.string().max(253).optional().describe('Whose Secret it is, where each ServiceAccount has its own.'),
        reason: z.string().max(64).describe('Why, in one word.'),
        message: z.string().max(1024).describe('Why, for a person.'),
      }),
    )
    .max(10)
    .optional()
    .describe('The first 10 that could not be served, by namespace.'),
  registries: z
    .array(
      z.object({
        registry: z
          .string()
          .max(64)
          .describe("Account and region as asked for; `own` stands for the identity's. `public` is ECR Public. A role adds 8 characters."),
        host: z.string().max(253).describe('The host that the token opens, in its first form.'),
        expiresAt: time.describe('When the oldest copy of the token expires.'),
        refreshedAt: time.describe('When that token was first written.'),
      }),
    )
    .max(20)
    .optional()
    .describe('The registries that the secrets open.'),
  expiresAt: time.optional().describe('The earliest expiry among all secrets.'),
  nextRefresh: time.optional().describe('When the next token is due.'),
};

export const secretColumn: Column = {
  name: 'Secret',
  type: 'string',
  jsonPath: '.spec.secretName',
  description: 'The name of the Secret.',
  priority: 1,
};

export const timeColumns: readonly Column[] = [
  // Not `date`: kubectl prints a date that is still to come as <invalid>.
  {name: 'Expires', type: 'string', jsonPath: '.status.expiresAt', description: 'The earliest expiry among all secrets.'},
  {name: 'Next', type: 'string', jsonPath: '.status.nextRefresh', description: 'When the next token is due.', priority: 1},
];

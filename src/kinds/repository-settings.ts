import * as z from 'zod';
import {LifecycleRules} from '../documents/lifecycle-rules.ts';
import {rule} from '../schema/rules.ts';

/** Settings that a repository has, and a template for repositories too. */

export const ExclusionFilter = z.object({
  filterType: z.enum(['WILDCARD']).describe('How `filter` is read.'),
  filter: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[0-9a-zA-Z._*-]{1,128}$/)
    .describe('A tag, with * for any characters (at most two of them).'),
});

export const EncryptionConfiguration = rule(
  z.object({
    encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']).describe('AES256: keys of Amazon S3. KMS and KMS_DSSE: a key of AWS KMS.'),
    kmsKey: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('Key id, alias (alias/…) or ARN of the KMS key. Left out with KMS, the AWS managed key aws/ecr.'),
  }),
  {
    rule: "!has(self.kmsKey) || self.encryptionType != 'AES256'",
    message: 'kmsKey needs encryptionType KMS or KMS_DSSE',
    test: ({encryptionType, kmsKey}) => kmsKey === undefined || encryptionType !== 'AES256',
  },
);

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const Tag = z.object({
  key: rule(z.string().min(1).max(128), {
    rule: "!self.startsWith('aws:') && !self.startsWith('drayage.dev/')",
    message: 'keys that begin with aws: or drayage.dev/ are reserved',
    test: (key) => !key.startsWith('aws:') && !key.startsWith('drayage.dev/'),
  }).describe('The key: letters, digits, spaces and _ . : / = + - @'),
  value: rule(z.string().max(256), {
    rule: "self.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+\\\\-@]*$')",
    message: 'may hold letters, digits, spaces and _ . : / = + - @',
    test: (value) => tagCharacters.test(value),
  }).describe('The value; may be empty.'),
});

export const LifecyclePolicy = rule(
  z.object({
    lifecyclePolicyText: z.string().min(1).max(30_720).optional().describe('The lifecycle policy document, as JSON. Instead of rules.'),
    rules: LifecycleRules.optional().describe('The rules of the lifecycle policy. Instead of lifecyclePolicyText.'),
  }),
  {
    rule: 'has(self.lifecyclePolicyText) != has(self.rules)',
    message: 'either rules or lifecyclePolicyText, and not both',
    test: ({lifecyclePolicyText, rules}) => (lifecyclePolicyText !== undefined) !== (rules !== undefined),
  },
);

import * as z from 'zod';
import {listMap, rule, set} from '../../schema/rules.ts';

const repositoryFilter = <T extends string>(filterType: T, what: string, longest: number) =>
  z.object({
    filter: z.string().min(1).max(longest).describe(what),
    filterType: z.enum([filterType]).describe('How `filter` is read.'),
  });

const ReplicationRule = z.object({
  destinations: z
    .array(
      z.object({
        region: z.string().min(2).max(25).describe('The region to replicate to.'),
        registryId: z
          .string()
          .min(12)
          .max(12)
          .regex(/^[0-9]{12}$/)
          .describe('The account to replicate to; for another region of the same account, that one.'),
      }),
    )
    .min(1)
    .max(25)
    .describe('Where to.'),
  repositoryFilters: z
    .array(repositoryFilter('PREFIX_MATCH', 'Repositories whose names begin with it.', 256))
    .max(100)
    .optional()
    .describe('Which repositories; left out, all.'),
});

const ScanningRule = z.object({
  scanFrequency: z
    .enum(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN', 'MANUAL'])
    .describe('CONTINUOUS_SCAN only with scanType ENHANCED, MANUAL only with BASIC.'),
  repositoryFilters: z
    .array(repositoryFilter('WILDCARD', 'Repositories whose names match it; * is any text.', 256))
    .min(1)
    .max(100)
    .describe('Which repositories.'),
});

const Scanning = rule(
  z.object({
    scanType: z.enum(['BASIC', 'ENHANCED']).default('BASIC').describe('BASIC: by ECR. ENHANCED: by Amazon Inspector, which costs.'),
    rules: z.array(ScanningRule).max(2).default([]).describe('At most one rule for each frequency.'),
  }),
  {
    rule: "self.scanType == 'ENHANCED' ? self.rules.all(r, r.scanFrequency != 'MANUAL') : self.rules.all(r, r.scanFrequency != 'CONTINUOUS_SCAN')",
    message: 'CONTINUOUS_SCAN needs scanType ENHANCED, and MANUAL needs BASIC',
    test: ({scanType, rules}) =>
      rules.every(({scanFrequency}) => scanFrequency !== (scanType === 'ENHANCED' ? 'MANUAL' : 'CONTINUOUS_SCAN')),
  },
);

const SigningRule = z.object({
  signingProfileArn: z
    .string()
    .min(20)
    .max(200)
    .regex(/^arn:aws[a-z-]*:signer:[a-z0-9-]+:[0-9]{12}:\/signing-profiles\/[A-Za-z0-9_]+$/)
    .describe('ARN of an AWS Signer signing profile.'),
  repositoryFilters: z
    .array(repositoryFilter('WILDCARD_MATCH', 'Repositories whose names match it; * is any text.', 256))
    .max(100)
    .optional()
    .describe('Which repositories; left out, all.'),
});

const AccountSetting = rule(
  z.object({
    name: z
      .enum(['BASIC_SCAN_TYPE_VERSION', 'REGISTRY_POLICY_SCOPE', 'BLOB_MOUNTING'])
      .describe('The name of the setting. BASIC_SCAN_TYPE_VERSION and REGISTRY_POLICY_SCOPE cannot be taken back.'),
    value: z.enum(['AWS_NATIVE', 'V2', 'ENABLED', 'DISABLED']).describe('Its value.'),
  }),
  {
    rule: "self.name == 'BASIC_SCAN_TYPE_VERSION' ? self.value == 'AWS_NATIVE' : self.name == 'REGISTRY_POLICY_SCOPE' ? self.value == 'V2' : self.value in ['ENABLED', 'DISABLED']",
    message: 'BASIC_SCAN_TYPE_VERSION is AWS_NATIVE, REGISTRY_POLICY_SCOPE is V2, BLOB_MOUNTING is ENABLED or DISABLED',
    test: ({name, value}) =>
      (name === 'BASIC_SCAN_TYPE_VERSION' && value === 'AWS_NATIVE') ||
      (name === 'REGISTRY_POLICY_SCOPE' && value === 'V2') ||
      (name === 'BLOB_MOUNTING' && (value === 'ENABLED' || value === 'DISABLED')),
  },
);

/** The settings of a registry, each of which is left alone where it is left out. */
export const settingFields = {
  registryPolicy: z
    .object({
      policyText: z
        .string()
        .min(1)
        .max(10_240)
        .describe('The policy document, as JSON. With settingsOwnership Merge, every statement needs a Sid.'),
    })
    .optional()
    .describe('Who may replicate into the registry, and pull through its caches (PutRegistryPolicy).'),
  replicationConfiguration: z
    .object({rules: z.array(ReplicationRule).max(10).describe('What is replicated, and where to.')})
    .optional()
    .describe('Where images are copied to when they are pushed (PutReplicationConfiguration).'),
  registryScanningConfiguration: Scanning.optional().describe('Which images are scanned, and how (PutRegistryScanningConfiguration).'),
  signingConfiguration: z
    .object({rules: z.array(SigningRule).max(10).describe('What is signed, and with which profile.')})
    .optional()
    .describe('Which images ECR signs when they are pushed (PutSigningConfiguration).'),
  pullTimeUpdateExclusions: set(
    z
      .string()
      .min(20)
      .max(2048)
      .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/),
  )
    .max(100)
    .optional()
    .describe('ARNs of principals, such as scanners, whose pulls do not count as pulls (RegisterPullTimeUpdateExclusion).'),
  accountSettings: listMap(AccountSetting, 'name')
    .max(3)
    .optional()
    .describe('Settings of the account in this region (PutAccountSetting).'),
};

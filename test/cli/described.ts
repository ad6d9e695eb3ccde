import * as fc from 'fast-check';
import type {Described} from '../../src/cli/import/repository-spec.ts';

const part = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4}){0,2}$/);

/** A name as ECR takes it. */
export const repositoryName = fc
  .array(part, {minLength: 1, maxLength: 3})
  .map((parts) => parts.join('/'))
  .filter((name) => name.length >= 2);

const mutability = fc.oneof(
  fc.constantFrom('MUTABLE', 'IMMUTABLE').map((imageTagMutability) => ({imageTagMutability})),
  fc.record({
    imageTagMutability: fc.constantFrom('MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'),
    imageTagMutabilityExclusionFilters: fc.array(
      fc.record({filterType: fc.constant('WILDCARD'), filter: fc.stringMatching(/^[0-9a-zA-Z._-]{1,8}\*?$/)}),
      {minLength: 1, maxLength: 5},
    ),
  }),
);

const encryption = fc.oneof(
  fc.constant({}),
  fc.constant({encryptionType: 'AES256'}),
  fc.record({
    encryptionType: fc.constantFrom('KMS', 'KMS_DSSE'),
    kmsKey: fc.uuid().map((id) => `arn:aws:kms:us-east-1:123456789012:key/${id}`),
  }),
);

/** Also long ones, and texts that AWS would print in its own way. */
const document = (most: number) =>
  fc
    .tuple(fc.dictionary(fc.string(), fc.jsonValue(), {noNullPrototype: true}), fc.nat({max: most}), fc.constantFrom(undefined, 1, 2))
    .map(([value, length, indent]) => JSON.stringify({...value, Sid: 'x'.repeat(length)}, undefined, indent))
    .filter((text) => text.length <= most);

const tagText = fc.stringMatching(/^[\p{L}\p{N}_.:/=+\-@ ]*$/u);

export const tags = fc.dictionary(
  fc.oneof(
    tagText.filter((key) => key.length > 0 && key.length <= 128),
    fc.constantFrom('aws:cloudformation:stack-name', 'AWS:x', 'drayage.dev/note', '__proto__', 'constructor'),
  ),
  tagText.filter((value) => value.length <= 256),
  {maxKeys: 50, size: 'max', noNullPrototype: true},
);

/** Any repository that AWS may describe. */
export const described: fc.Arbitrary<Described> = fc
  .record({
    name: repositoryName,
    mutability,
    encryption,
    scanOnPush: fc.boolean(),
    tags,
    lifecyclePolicyText: fc.option(document(30_720), {nil: undefined}),
    policyText: fc.option(document(10_240), {nil: undefined}),
  })
  .map(({name, mutability, encryption, scanOnPush, ...more}) => ({
    repository: {
      repositoryName: name,
      repositoryArn: `arn:aws:ecr:us-east-1:123456789012:repository/${name}`,
      repositoryUri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}`,
      registryId: '123456789012',
      createdAt: '2026-01-01T00:00:00.000Z',
      scanOnPush,
      ...mutability,
      ...encryption,
    },
    ...more,
  }));

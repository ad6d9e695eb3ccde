import test from 'ava';
import {definition, RepositorySpec} from '../../../src/kinds/repository/schema.ts';
import {reasons} from '../../../src/kinds/repository/reasons.ts';
import {customResourceDefinition} from '../../../src/schema/crd.ts';

test('an empty spec is a repository with safe defaults', (t) => {
  t.deepEqual(RepositorySpec.parse({}), {
    registryRef: {name: 'default'},
    deletionPolicy: 'Retain',
    adoptionPolicy: 'IfOwned',
    driftPolicy: 'Correct',
    lifecycleGuard: 'Protect',
  });
});

test('what ECR would refuse is refused before', (t) => {
  const bad: Readonly<Record<string, unknown>> = {
    'one letter': {name: 'a'},
    'upper case': {name: 'Team/app'},
    'two separators': {name: 'team//app'},
    'a slash at the end': {name: 'team/'},
    'a name that is too long': {name: 'a'.repeat(257)},
    'a mode that is none': {imageTagMutability: 'SOMETIMES'},
    'a mode that needs filters': {imageTagMutability: 'MUTABLE_WITH_EXCLUSION'},
    'filters without a mode': {imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'a*'}]},
    'filters with a mode that takes none': {
      imageTagMutability: 'IMMUTABLE',
      imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'a*'}],
    },
    'six filters': {
      imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: Array.from({length: 6}, (_, index) => ({filterType: 'WILDCARD', filter: `a${index}*`})),
    },
    'a key without KMS': {encryptionConfiguration: {encryptionType: 'AES256', kmsKey: 'x'}},
    'a reserved tag': {tags: [{key: 'aws:x', value: ''}]},
    'our own tag': {tags: [{key: 'drayage.dev/owner', value: 'me'}]},
    'the same tag twice': {
      tags: [
        {key: 'a', value: '1'},
        {key: 'a', value: '2'},
      ],
    },
    'a tag with a character that AWS refuses': {tags: [{key: 'a', value: '<'}]},
    'a lifecycle policy that is too long': {lifecyclePolicy: {lifecyclePolicyText: 'x'.repeat(30_721)}},
  };
  for (const [name, spec] of Object.entries(bad)) t.false(RepositorySpec.safeParse(spec).success, name);
});

test('names as ECR takes them', (t) => {
  for (const name of ['ab', 'team/app', 'a/b/c', 'my-app_1.x', '0a', 'a'.repeat(256)])
    t.true(RepositorySpec.safeParse({name}).success, name);
});

test('the API server can be told all of it, and what cannot change does not', (t) => {
  const crd = customResourceDefinition(definition);
  const {openAPIV3Schema: schema} = crd.spec.versions[0].schema;
  const spec = schema.properties?.['spec'];
  const text = JSON.stringify(spec);
  for (const field of ['name', 'encryptionConfiguration', 'registryRef']) {
    t.regex(JSON.stringify(spec?.properties?.[field]), /self == oldSelf/, field);
  }
  t.regex(text, /has\(oldSelf\.name\)/, 'name cannot be added later either');
  t.regex(text, /has\(oldSelf\.encryptionConfiguration\)/);
  t.is(crd.metadata.name, 'repositories.ecr.drayage.dev');
});

test('every reason is in upper camel case and explained', (t) => {
  for (const [reason, meaning] of Object.entries(reasons)) {
    t.regex(reason, /^[A-Z][A-Za-z]+$/);
    t.regex(meaning, /\.$/, reason);
  }
});

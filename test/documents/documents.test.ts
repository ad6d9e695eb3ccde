import test from 'ava';
import * as fc from 'fast-check';
import {isSamePolicy} from '../../src/documents/iam-policy.ts';
import {faultOf} from '../../src/documents/json.ts';
import {isSameLifecyclePolicy} from '../../src/documents/lifecycle-policy.ts';
import {jsonFault} from '../../src/documents/json-fault.ts';

const text = (value: unknown) => JSON.stringify(value);

function lifecycle(...rules: readonly unknown[]): string {
  return text({rules});
}

const untagged = {
  rulePriority: 1,
  description: 'few untagged',
  selection: {tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3},
  action: {type: 'expire'},
};
const tagged = {
  rulePriority: 2,
  selection: {tagStatus: 'tagged', tagPatternList: ['prod*', 'dev*'], countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14},
  action: {type: 'expire'},
};

test('lifecycle policies that mean the same are the same', (t) => {
  const spellings = {
    'white space': JSON.stringify({rules: [untagged, tagged]}, undefined, 4),
    'rules in another order': lifecycle(tagged, untagged),
    'keys in another order': lifecycle(
      {action: untagged.action, selection: untagged.selection, description: untagged.description, rulePriority: 1},
      tagged,
    ),
    'patterns in another order': lifecycle(untagged, {...tagged, selection: {...tagged.selection, tagPatternList: ['dev*', 'prod*']}}),
    'a pattern twice': lifecycle(untagged, {...tagged, selection: {...tagged.selection, tagPatternList: ['dev*', 'prod*', 'dev*']}}),
    'the storage class that is meant': lifecycle({...untagged, selection: {...untagged.selection, storageClass: 'standard'}}, tagged),
    'an empty list': lifecycle(untagged, {...tagged, selection: {...tagged.selection, tagPrefixList: []}}),
    'numbers as text': lifecycle({...untagged, rulePriority: '1', selection: {...untagged.selection, countNumber: '3'}}, tagged),
  };
  for (const [name, spelling] of Object.entries(spellings)) t.true(isSameLifecyclePolicy(lifecycle(untagged, tagged), spelling), name);
});

test('lifecycle policies that differ are not the same, also in what is not known here', (t) => {
  const others = {
    count: lifecycle({...untagged, selection: {...untagged.selection, countNumber: 4}}, tagged),
    pattern: lifecycle(untagged, {...tagged, selection: {...tagged.selection, tagPatternList: ['prod*']}}),
    priority: lifecycle({...untagged, rulePriority: 9}, tagged),
    'a rule less': lifecycle(untagged),
    'a member that AWS may add one day': lifecycle({...untagged, selection: {...untagged.selection, storageClass: 'archive'}}, tagged),
    'no JSON': '{',
  };
  for (const [name, other] of Object.entries(others)) t.false(isSameLifecyclePolicy(lifecycle(untagged, tagged), other), name);
});

const account = {
  Sid: 'a',
  Effect: 'Allow',
  Principal: {AWS: 'arn:aws:iam::123456789012:root'},
  Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
};
const everyone = {Effect: 'Deny', Principal: '*', Action: 'ecr:DeleteRepository', Condition: {Bool: {'aws:SecureTransport': 'false'}}};
const policy = text({Version: '2012-10-17', Statement: [account, everyone]});

test('IAM policies that mean the same are the same', (t) => {
  const spellings = {
    'statements in another order': {Version: '2012-10-17', Statement: [everyone, account]},
    'account id': {Version: '2012-10-17', Statement: [{...account, Principal: {AWS: ['123456789012']}}, everyone]},
    'actions in another order and case': {
      Version: '2012-10-17',
      Statement: [{...account, Action: ['ecr:getdownloadurlforlayer', 'ECR:BatchGetImage']}, everyone],
    },
    'everyone in full': {
      Version: '2012-10-17',
      Statement: [account, {...everyone, Principal: {AWS: ['*']}, Action: ['ecr:DeleteRepository']}],
    },
    'condition values as they are typed': {
      Version: '2012-10-17',
      Statement: [account, {...everyone, Condition: {Bool: {'aws:SecureTransport': [false]}}}],
    },
  };
  for (const [name, spelling] of Object.entries(spellings)) t.true(isSamePolicy(policy, text(spelling)), name);
  t.true(isSamePolicy(text({Statement: account}), text({Version: '2008-10-17', Statement: [account]})), 'one statement, old version');
});

test('IAM policies that differ are not the same', (t) => {
  const others = {
    version: {Version: '2008-10-17', Statement: [account, everyone]},
    account: {Version: '2012-10-17', Statement: [{...account, Principal: {AWS: '210987654321'}}, everyone]},
    effect: {Version: '2012-10-17', Statement: [account, {...everyone, Effect: 'Allow'}]},
    service: {Version: '2012-10-17', Statement: [account, {...everyone, Principal: {Service: '*'}}]},
    'a statement less': {Version: '2012-10-17', Statement: [account]},
    'a deleted role': {Version: '2012-10-17', Statement: [{...account, Principal: {AWS: 'AROAEXAMPLE'}}, everyone]},
  };
  for (const [name, other] of Object.entries(others)) t.false(isSamePolicy(policy, text(other)), name);
});

test('the fault of a document is where it stops being JSON', (t) => {
  t.is(faultOf('{"a": 1}'), undefined);
  t.is(faultOf('{\n  "a": 1,\n}'), 'it is not JSON at line 3 column 1: «}»');
  t.is(faultOf('{"a": '), 'it is not JSON at line 1 column 7: it ends there');
  t.is(faultOf('[]'), 'it must be a JSON object');
  t.is(faultOf('7'), 'it must be a JSON object');
});

const nearJson = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', ',', ':', '\\', '-', '0', '\n', 'x'), fc.nat({max: 2}))
  .map(([json, at, piece, cut]) => {
    const position = at % (json.length + 1);
    return json.slice(0, position) + piece + json.slice(position + cut);
  });

test('the scanner agrees with JSON.parse on what is JSON', (t) => {
  fc.assert(
    fc.property(nearJson, (candidate) => {
      let isJson = true;
      try {
        JSON.parse(candidate);
      } catch {
        isJson = false;
      }
      return (jsonFault(candidate) === undefined) === isJson;
    }),
    {numRuns: 3000},
  );
  t.pass();
});

test('any JSON object is the same as itself with its keys turned round, and comparing is symmetric', (t) => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({maxDepth: 4}));
  fc.assert(
    fc.property(object, object, (one, other) => {
      const turned = text(Object.fromEntries(Object.entries(one).toReversed()));
      for (const isSame of [isSameLifecyclePolicy, isSamePolicy]) {
        if (!isSame(text(one), turned)) return false;
        if (isSame(text(one), text(other)) !== isSame(text(other), text(one))) return false;
      }
      return true;
    }),
  );
  t.pass();
});

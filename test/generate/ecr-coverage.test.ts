import * as ecr from '@aws-sdk/client-ecr';
import * as ecrPublic from '@aws-sdk/client-ecr-public';
import test from 'ava';
import {operatorActions} from '../../src/generate/actions.ts';
import {ecrCoverage, operationsOf} from '../../src/generate/ecr-coverage.ts';
import {notForControlPlane} from '../../src/generate/ecr-operations.ts';
import {kinds} from '../../src/kinds/registry.ts';
import {lighthouse} from '../schema/lighthouse.ts';

const known = new Set([
  ...operationsOf(ecr).map((operation) => `ecr:${operation}`),
  ...operationsOf(ecrPublic).map((operation) => `ecr-public:${operation}`),
]);

test('the SDK has the operations that were counted when this was written', (t) => {
  t.is(operationsOf(ecr).length, 62);
  t.is(operationsOf(ecrPublic).length, 23);
});

test('what is said not to be needed exists, and is not called', (t) => {
  const called = operatorActions(kinds);
  for (const action of Object.keys(notForControlPlane)) {
    t.true(known.has(action), `${action} is no operation of the SDK`);
    t.false(called.includes(action), `${action} is called`);
  }
});

test('an operation that nobody calls and nobody explains stops the generation', (t) => {
  const client = {service: 'ecr', name: 'ECR', operations: ['FoldPaper']};
  t.throws(() => ecrCoverage([client], []), {message: /ecr:FoldPaper is called by no kind/});
  t.regex(
    ecrCoverage([client], [{...lighthouse, actions: ['ecr:FoldPaper']}]),
    /`FoldPaper` \| \[Lighthouse\]\(reference\/lighthouse\.md\)/,
  );
});

test('an operation that is called and explained away stops the generation', (t) => {
  const client = {service: 'ecr', name: 'ECR', operations: ['PutImage']};
  t.throws(() => ecrCoverage([client], [{...lighthouse, actions: ['ecr:PutImage']}]), {message: /take it out of ecr-operations/});
});

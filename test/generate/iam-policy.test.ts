import test from 'ava';
import {operatorActions} from '../../src/generate/actions.ts';
import {kinds} from '../../src/kinds/registry.ts';
import {iamPolicy} from '../../src/generate/iam-policy.ts';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string;
}

const actions = operatorActions(kinds);
const statements = (JSON.parse(iamPolicy(actions)) as {readonly Statement: readonly Statement[]}).Statement;

test('every action is allowed once, and what IAM can limit to repositories is limited to them', (t) => {
  t.deepEqual(statements.flatMap(({Action}) => Action).toSorted(), [...actions].toSorted());
  const resourceOf = (action: string) => statements.find(({Action}) => Action.includes(action))?.Resource;
  t.is(resourceOf('ecr:CreateRepository'), 'arn:aws:ecr:*:*:repository/*');
  t.is(resourceOf('ecr-public:CreateRepository'), 'arn:aws:ecr-public::*:repository/*');
  t.is(resourceOf('ecr:GetAuthorizationToken'), '*');
});

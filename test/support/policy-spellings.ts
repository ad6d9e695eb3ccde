import * as fc from 'fast-check';

type Statement = Readonly<Record<string, unknown>>;

export const accountId = '123456789012';
export const roles = [
  `arn:aws:iam::${accountId}:role/ci`,
  `arn:aws:iam::${accountId}:role/team/deploy`,
  `arn:aws:iam::${accountId}:user/eve`,
];

const principal = fc.oneof(
  fc.constant('*'),
  fc.uniqueArray(fc.constantFrom(accountId, '210987654321', '*', ...roles), {minLength: 1}).map((all) => ({AWS: all})),
  fc.constant({Service: ['lambda.amazonaws.com']}),
);
const actions = fc.uniqueArray(fc.constantFrom('ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:Put*', 'ecr:*'), {minLength: 1});
const condition = fc.constantFrom(
  {Bool: {'aws:SecureTransport': ['false']}},
  {StringLike: {'aws:PrincipalOrgID': ['o-1', 'o-2']}, NumericLessThan: {'aws:MultiFactorAuthAge': ['300']}},
);
const statement: fc.Arbitrary<Statement> = fc.record(
  {
    Sid: fc.constantFrom('one', 'two'),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: principal,
    Action: actions,
    Condition: condition,
  },
  {requiredKeys: ['Effect', 'Principal', 'Action']},
);

/** A repository policy, with every list as a list. */
export const repositoryPolicy = fc.record({
  Version: fc.constantFrom('2008-10-17', '2012-10-17'),
  Statement: fc.array(statement, {minLength: 1, maxLength: 4}),
});

type Dice = () => number;

/** The same policy as somebody else, or AWS, would write it: another order, one for a list of one, accounts by id or by ARN. */
export function respelled(policy: {readonly Version: string; readonly Statement: readonly Statement[]}, dice: Dice): string {
  const statements = shuffled(policy.Statement, dice).map((one) => statementSpelled(one, dice));
  const isOld = policy.Version === '2008-10-17' && dice() % 2 === 0;
  const document = {...(!isOld && {Version: policy.Version}), Statement: oneOrList(statements, dice)};
  return JSON.stringify(turned(document, dice), undefined, dice() % 3);
}

function statementSpelled(one: Statement, dice: Dice): Statement {
  const {Action: action, Principal: who, Condition: when, ...rest} = one;
  const members = {
    ...rest,
    ...(!('Sid' in rest) && dice() % 3 === 0 && {Sid: ''}),
    Action: listSpelled(
      (action as readonly string[]).map((each) => (dice() % 3 === 0 ? each.toLowerCase() : each)),
      dice,
    ),
    Principal: principalSpelled(who, dice),
    ...(when !== undefined && {Condition: conditionSpelled(when, dice)}),
  };
  return turned(members, dice);
}

function principalSpelled(who: unknown, dice: Dice): unknown {
  if (who === '*') return [who, {AWS: '*'}, {AWS: ['*']}][dice() % 3];
  return Object.fromEntries(
    Object.entries(who as Readonly<Record<string, readonly string[]>>).map(([kind, members]) => [
      kind,
      listSpelled(
        members.map((member) => (/^\d{12}$/.test(member) && dice() % 2 === 0 ? `arn:aws:iam::${member}:root` : member)),
        dice,
      ),
    ]),
  );
}

function conditionSpelled(when: unknown, dice: Dice): unknown {
  const operators = Object.entries(when as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>).map(
    ([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, values]) => [
          key,
          listSpelled(
            values.map((value) => typed(value, dice)),
            dice,
          ),
        ]),
      ),
    ],
  );
  return turned(Object.fromEntries(operators) as Statement, dice);
}

/** `"false"` and `false`, `"300"` and 300 are the same to IAM. */
function typed(value: string, dice: Dice): unknown {
  return /^(true|false|\d+)$/.test(value) && dice() % 2 === 0 ? (JSON.parse(value) as unknown) : value;
}

function listSpelled(list: readonly unknown[], dice: Dice): unknown {
  const again = dice() % 4 === 0 ? [...list, list[0]] : list;
  return oneOrList(shuffled(again, dice), dice);
}

function oneOrList(list: readonly unknown[], dice: Dice): unknown {
  return list.length === 1 && dice() % 2 === 0 ? list[0] : list;
}

function turned(object: Statement, dice: Dice): Statement {
  return Object.fromEntries(shuffled(Object.entries(object), dice));
}

function shuffled<T>(list: readonly T[], dice: Dice): readonly T[] {
  const rest = [...list];
  const all: T[] = [];
  while (rest.length > 0) all.push(...rest.splice(dice() % rest.length, 1));
  return all;
}

/** Chance for `respelled`. */
export const dice: fc.Arbitrary<Dice> = fc.infiniteStream(fc.nat()).map((stream) => () => stream.next().value ?? 0);

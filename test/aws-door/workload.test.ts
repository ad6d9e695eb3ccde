import test from 'ava';
import type {Workload} from '../../src/aws/registry-token.ts';
import {createAws} from '../../src/aws/clients.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {Secret} from '../../src/schema/secret.ts';
import {environmentFor, fakeAws, stsError, webIdentityCredentials, type Reply, type Request} from './fake-ecr.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;

function workload(name: string, more: Partial<Workload> = {}): Workload {
  return {
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    sessionName: `${name}.shop.drayage`,
    id: `shop/${name}/uid-1`,
    webIdentityToken: async () =>
      new Secret(`e30.${Buffer.from(JSON.stringify({iss: 'https://issuer', sub: name})).toString('base64url')}.s`),
    ...more,
  };
}

function answer({action, input}: Request): Reply {
  if (action === 'sts:AssumeRoleWithWebIdentity') {
    const key = `ASIA${String(input['RoleArn']).split('/').at(-1)?.toUpperCase()}`;
    return webIdentityCredentials({expiration: new Date(Date.now() + hour), key});
  }
  const authorizationToken = Buffer.from('AWS:p').toString('base64');
  const expiresAt = (start + 12 * hour) / 1000;
  return {
    body: {authorizationData: [{authorizationToken, expiresAt, proxyEndpoint: 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com'}]},
  };
}

const keyOf = ({headers}: Request) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
const sts = ({action}: Request) => action === 'sts:AssumeRoleWithWebIdentity';

test("a ServiceAccount's token is asked for with its own session, which is never the operator's nor another's", async (t) => {
  await using server = await fakeAws(answer);
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const location = {region: 'eu-west-1', accountId: '210987654321'};
  const ask = (asker: Workload) => aws.authorizationToken({location, workload: asker});
  const tokens = await Promise.all([ask(workload('web')), ask(workload('web')), ask(workload('job'))]);
  t.is(tokens[0]?.host, '210987654321.dkr.ecr.eu-west-1.amazonaws.com');
  const assumed = server.requests.filter(sts);
  t.deepEqual(assumed.map(({input}) => [input['RoleSessionName'], input['DurationSeconds']].join(' ')).toSorted(), [
    'job.shop.drayage 900',
    'web.shop.drayage 900',
  ]);
  t.true(
    assumed.every(({headers}) => headers.authorization === undefined),
    'a web identity is its own proof',
  );
  const used = server.requests.filter((request) => !sts(request)).map((request) => keyOf(request) ?? '');
  t.deepEqual(used.toSorted(), ['ASIAJOB', 'ASIAWEB']);
  await ask(workload('web'));
  t.is(server.requests.length, 4, 'and it is remembered');
  aws.close();
});

test('whatever its tokens depend on is another token: role, ServiceAccount, region, ECR Public', async (t) => {
  await using server = await fakeAws(answer);
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const web = workload('web');
  for (const target of [
    {location: {region: 'eu-west-1'}, workload: web},
    {location: {region: 'us-east-1'}, workload: web},
    {location: {region: 'eu-west-1'}, workload: {...web, id: 'shop/web/uid-2'}},
    {location: {region: 'eu-west-1'}, workload: {...web, roleArn: 'arn:aws:iam::123456789012:role/other'}},
  ]) {
    await aws.authorizationToken(target);
  }
  t.is(server.requests.filter(sts).length, 4);
  aws.close();
});

test('a refusal by STS names the role and the subject, holds no token, and there is no other identity to fall back to', async (t) => {
  await using server = await fakeAws(() => stsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'));
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const web = workload('web');
  const error = await t.throwsAsync(aws.authorizationToken({location: {}, workload: web}), {instanceOf: Interruption});
  t.is(error.outcome.is, 'stalled');
  t.regex(error.message, /role\/web.*https:\/\/issuer.*web/s);
  t.false(error.message.includes((await web.webIdentityToken()).reveal().split('.')[1]!));
  t.deepEqual([...new Set(server.requests.map(({action}) => action))], ['sts:AssumeRoleWithWebIdentity']);
  aws.close();
});

import test, {type ExecutionContext} from 'ava';
import {credentialsSourceOf, fileSourceOf, valueSourceOf} from '../../src/translate/value-from.ts';

const secretId = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf';
const secret = {is: 'SecretsManager', secretId, region: 'eu-west-1'};
const id = '9d4cb84b-ad69-40c0-a0ab-cead3EXAMPLE';

const sources: readonly [string, object][] = [
  [secretId, secret],
  [`${secretId}:password::`, {...secret, jsonKey: 'password'}],
  [`${secretId}::AWSPREVIOUS:`, {...secret, versionStage: 'AWSPREVIOUS'}],
  [`${secretId}:::${id}`, {...secret, versionId: id}],
  [`${secretId}:a.b:AWSCURRENT:${id}`, {...secret, jsonKey: 'a.b', versionStage: 'AWSCURRENT', versionId: id}],
  [`${secretId}:::`, secret],
  [
    'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:shop',
    {is: 'SecretsManager', secretId: 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:shop', region: 'cn-north-1'},
  ],
  ['/shop/db.password', {is: 'ParameterStore', name: '/shop/db.password'}],
  ['app.KEY', {is: 'ParameterStore', name: 'app.KEY'}],
  [
    'arn:aws:ssm:us-east-1:123456789012:parameter/a/b',
    {is: 'ParameterStore', name: 'arn:aws:ssm:us-east-1:123456789012:parameter/a/b', region: 'us-east-1'},
  ],
];
for (const [text, source] of sources) {
  test(`valueFrom: ${text}`, (t) => t.deepEqual(valueSourceOf(text) as object, source));
}

const wrong: readonly [string, RegExp][] = [
  [`${secretId}:password`, /all of :JSON-KEY:VERSION-STAGE:VERSION-ID .* or none/],
  [`${secretId}:password:`, /or none/],
  [`${secretId}:password::x:y`, /or none/],
  ['arn:aws:secretsmanager:region:aws_account_id:secret:name', /form arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME/],
  ['arn:aws:ssm:x', /ARN of a secret, or of a parameter/],
  ['arn:aws:s3:::bucket/a.env', /ARN of a secret, or of a parameter/],
  ['shop/db:3', /a name has letters, digits/],
  ['', /must be the ARN/],
];
for (const [text, why] of wrong) {
  test(`no valueFrom: ${text}`, (t) => refused(t, valueSourceOf(text), why));
}

test('files of variables', (t) => {
  t.deepEqual(fileSourceOf('arn:aws:s3:::my-bucket/a/b.env') as object, {is: 'S3', bucket: 'my-bucket', key: 'a/b.env', partition: 'aws'});
  for (const text of [
    'arn:aws:s3:::my-bucket/a/b.txt',
    'arn:aws:s3:::my-bucket',
    's3://my-bucket/b.env',
    'arn:aws:s3:::b/../../other/x.env',
  ]) {
    t.is(typeof fileSourceOf(text), 'string', text);
  }
  refused(t, fileSourceOf('arn:aws:s3:::my-bucket/a/../b.env'), /no "\." or "\.\."/);
});

test('credentials of a registry', (t) => {
  t.deepEqual(credentialsSourceOf('hub') as object, {is: 'SecretsManager', secretId: 'hub'});
  t.deepEqual(credentialsSourceOf(secretId) as object, secret);
  t.is(typeof credentialsSourceOf(`${secretId}:username::`), 'string');
  refused(t, credentialsSourceOf('123456789012.dkr.ecr.eu-west-1.amazonaws.com/app'), /ECR needs none/);
});

function refused(t: ExecutionContext, parsed: object | string, why: RegExp): void {
  t.regex(typeof parsed === 'string' ? parsed : 'not refused', why);
}

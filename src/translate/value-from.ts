import type {ValueSource} from './needs.ts';

const arnOf = {
  region: '[a-z]{2}[a-z0-9-]*-\\d{1,2}',
  account: '\\d{12}',
  partition: 'aws[a-z-]*',
};
const secretArn = new RegExp(
  `^arn:${arnOf.partition}:secretsmanager:(${arnOf.region}):${arnOf.account}:secret:[A-Za-z0-9/_+=.@!-]{1,520}$`,
);
const parameterArn = new RegExp(`^arn:${arnOf.partition}:ssm:(${arnOf.region}):${arnOf.account}:parameter/[A-Za-z0-9_./-]{1,2048}$`);
const objectArn = new RegExp(`^arn:(${arnOf.partition}):s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024}\\.env)$`);

/** A source, or what is wrong with the text. */
type Parsed = ValueSource | string;

/**
 * `secrets[].valueFrom`: the ARN of a secret, with three more parts (JSON key, version stage, version id; each may be empty) or
 * none, the ARN of a parameter, or the name of one. Source: SDK, type Secret; the agent takes 7 or 10 parts and no others.
 */
export function valueSourceOf(text: string): Parsed {
  if (/^arn:[^:]*:secretsmanager:/.test(text)) return secretWithParts(text);
  if (text.startsWith('arn:')) {
    const [, region] = parameterArn.exec(text) ?? [];
    return region === undefined
      ? 'must be the ARN of a secret, or of a parameter (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)'
      : parameter(text, region);
  }
  return /^[A-Za-z0-9_./-]{1,2048}$/.test(text)
    ? parameter(text)
    : 'must be the ARN of a secret, or the ARN or the name of a parameter; a name has letters, digits, ".", "-", "_" and "/"';
}

function parameter(name: string, region?: string): ValueSource {
  return {is: 'ParameterStore', name, ...(region !== undefined && {region})};
}

function secretWithParts(text: string): Parsed {
  const parts = text.split(':');
  const secretId = parts.slice(0, 7).join(':');
  const [, region] = secretArn.exec(secretId) ?? [];
  if (region === undefined) return 'must be an ARN of the form arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME';
  if (parts.length !== 7 && parts.length !== 10) {
    return 'must have all of :JSON-KEY:VERSION-STAGE:VERSION-ID after the name of the secret, or none; a part may be empty';
  }
  const [jsonKey, versionStage, versionId] = parts.slice(7);
  return {
    is: 'SecretsManager',
    secretId,
    region,
    ...(jsonKey ? {jsonKey} : {}),
    ...(versionStage ? {versionStage} : {}),
    ...(versionId ? {versionId} : {}),
  };
}

/** `repositoryCredentials.credentialsParameter`: the ARN of a secret, or its name. */
export function credentialsSourceOf(text: string): Parsed {
  if (/^[0-9]{12}\.dkr[.-]ecr/.test(text)) return 'must name a secret; a registry of ECR needs none: remove repositoryCredentials';
  if (text.startsWith('arn:')) {
    const [, region] = secretArn.exec(text) ?? [];
    return region === undefined
      ? 'must be the name of a secret, or an ARN of the form arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME'
      : {is: 'SecretsManager', secretId: text, region};
  }
  return /^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(text) ? {is: 'SecretsManager', secretId: text} : 'must be the ARN or the name of a secret';
}

/** `environmentFiles[].value`: the ARN of an object in S3 whose name ends with `.env`. */
export function fileSourceOf(text: string): Parsed {
  const [, partition, bucket, key] = objectArn.exec(text) ?? [];
  if (partition === undefined || bucket === undefined || key === undefined) return 'must be an ARN of the form arn:aws:s3:::BUCKET/KEY.env';
  // Some clients read these as steps through folders, and then what is allowed is not what is read.
  if (key.split('/').some((part) => part === '.' || part === '..')) return 'must have no "." or ".." between slashes';
  return {is: 'S3', bucket, key, partition};
}

/** A schema's check: reports what is wrong with the text. */
export function sourceCheck(parse: (text: string) => Parsed) {
  return (context: {readonly value: string; readonly issues: unknown[]}): void => {
    const parsed = parse(context.value);
    if (typeof parsed === 'string') context.issues.push({code: 'custom', message: parsed, input: context.value});
  };
}

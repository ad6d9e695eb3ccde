import type {Identity} from '../../aws/identity.ts';
import type {ValueSource} from '../../translate/needs.ts';

/** The ARN of a source; of a name alone, as the operator's own account and region would have it. */
export function arnOf(source: ValueSource, {arn, accountId, region: own}: Identity): string {
  const [, partition = 'aws'] = arn.split(':');
  if (source.is === 'S3') return `arn:${source.partition}:s3:::${source.bucket}/${source.key}`;
  const id = source.is === 'ParameterStore' ? source.name : source.secretId;
  if (id.startsWith('arn:')) return id;
  if (source.is === 'SecretsManager') return `arn:${partition}:secretsmanager:${source.region ?? own}:${accountId}:secret:${id}`;
  return `arn:${partition}:ssm:${source.region ?? own}:${accountId}:parameter${id.startsWith('/') ? '' : '/'}${id}`;
}

/** What AWS puts behind the name of a secret in its ARN. */
const suffix = /-[A-Za-z0-9?]{6}$/;

/**
 * Whether a pattern of `secrets.allowedResources` fits an ARN that a task definition names: `*` stands for any characters,
 * `?` for one. The six characters that AWS puts behind a secret's name may be missing on either side; what was read is
 * looked at again by its full ARN (see mayHold).
 */
export function mayAsk(patterns: readonly string[], arn: string): boolean {
  return patterns.some((pattern) => {
    const bare = isSecret(pattern) ? pattern.replace(suffix, '') : pattern;
    return fits(pattern, arn) || fits(bare, arn) || (isSecret(arn) && fits(pattern, arn.replace(suffix, '')));
  });
}

/** Whether a pattern fits the ARN that AWS gave with a value. */
export function mayHold(patterns: readonly string[], arn: string): boolean {
  return patterns.some((pattern) => fits(pattern, arn) || (isSecret(arn) && fits(pattern, arn.replace(suffix, ''))));
}

function isSecret(arn: string): boolean {
  return /^arn:[^:]*:secretsmanager:/.test(arn);
}

function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

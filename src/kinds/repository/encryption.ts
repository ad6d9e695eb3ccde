import type {EcrRepository} from '../../aws/ecr.ts';
import type {RepositorySpec} from './schema.ts';

/**
 * Why a repository's encryption is not the one of the spec; AWS cannot change it. An alias is not resolved (that would take
 * permissions on KMS), so that it is believed; a key id is found in the ARN that ECR answers.
 */
export function encryptionFault(wanted: RepositorySpec['encryptionConfiguration'], actual: EcrRepository): string | undefined {
  if (wanted === undefined || actual.encryptionType === undefined) return undefined;
  const {encryptionType, kmsKey} = wanted;
  if (encryptionType !== actual.encryptionType) {
    return `the repository is encrypted with ${actual.encryptionType}, the spec says ${encryptionType}, and AWS cannot change it`;
  }
  if (kmsKey === undefined || actual.kmsKey === undefined || isAlias(kmsKey) || isSameKey(kmsKey, actual.kmsKey)) return undefined;
  return `the repository is encrypted with the key ${actual.kmsKey}, the spec says ${kmsKey}, and AWS cannot change it`;
}

function isAlias(key: string): boolean {
  return key.startsWith('alias/') || /:alias\//.test(key);
}

function isSameKey(one: string, other: string): boolean {
  return one === other || other.endsWith(`:key/${one}`);
}

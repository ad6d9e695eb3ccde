import type {AwsError} from './answers.ts';
import type {Json} from './message.ts';

export interface PublicImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  /** Seconds since 1970. */
  readonly pushedAt: number;
  tags: readonly string[];
}

export interface PublicRepository {
  readonly name: string;
  /** Seconds since 1970, with milliseconds. */
  readonly createdAt: number;
  tags: Readonly<Record<string, string>>;
  policyText?: string;
  /** As GetRepositoryCatalogData tells it; absent until there is any. */
  catalog?: Json;
  images: readonly PublicImage[];
}

/** The account's public repositories, by name: what moto and ministack lack. */
const repositories = new Map<string, PublicRepository>();

export const publicRepositories: ReadonlyMap<string, PublicRepository> = repositories;

export function addRepository(repository: PublicRepository): void {
  repositories.set(repository.name, repository);
}

export function removeRepository(name: string): void {
  repositories.delete(name);
}

/** The default alias that AWS gives a registry with its first repository. */
export const alias = 'a1b2c3d4';

export function arnOf(accountId: string, name: string): string {
  return `arn:aws:ecr-public::${accountId}:repository/${name}`;
}

/** The repository's name in an ARN. */
export function nameIn(arn: string): string {
  return arn.slice(arn.indexOf(':repository/') + ':repository/'.length);
}

/** A repository as the API describes it. */
export function described(accountId: string, {name, createdAt}: PublicRepository): Json {
  return {
    repositoryArn: arnOf(accountId, name),
    registryId: accountId,
    repositoryName: name,
    repositoryUri: `public.ecr.aws/${alias}/${name}`,
    createdAt,
  };
}

export function registryOf(accountId: string): Json {
  return {
    registryId: accountId,
    registryArn: `arn:aws:ecr-public::${accountId}:registry/${accountId}`,
    registryUri: `public.ecr.aws/${alias}`,
    verified: false,
    aliases: [{name: alias, status: 'ACTIVE', primaryRegistryAlias: true, defaultRegistryAlias: true}],
  };
}

export function notFound(accountId: string, name: string): AwsError {
  const message = `The repository with name '${name}' does not exist in the registry with id '${accountId}'`;
  return {type: 'RepositoryNotFoundException', message};
}

import {existsSync} from 'node:fs';
import path from 'node:path';
import {createAws, type ClosableAws} from '../aws/clients.ts';
import {type Environment, sourceOf} from '../aws/credentials.ts';
import type {Outcome} from '../kinds/outcome.ts';

/** AWS as whoever runs the command. */
export function openAws(
  environment: Environment,
  given: {readonly region?: string | undefined; readonly profile?: string | undefined},
): ClosableAws {
  return createAws({environment: personal(environment, given), now: () => new Date()});
}

/** A person's files count where the operator, which must not find an identity by chance, asks for a variable. */
export function personal(
  environment: Environment,
  {region, profile}: {readonly region?: string | undefined; readonly profile?: string | undefined},
): Environment {
  const named = {...environment, ...(region !== undefined && {AWS_REGION: region}), ...(profile !== undefined && {AWS_PROFILE: profile})};
  return sourceOf(named) === 'none' && hasFiles(named) ? {...named, AWS_PROFILE: 'default'} : named;
}

function hasFiles(environment: Environment): boolean {
  const folder = path.join(environment['HOME'] ?? '', '.aws');
  const files = [
    environment['AWS_SHARED_CREDENTIALS_FILE'] ?? path.join(folder, 'credentials'),
    environment['AWS_CONFIG_FILE'] ?? path.join(folder, 'config'),
  ];
  return files.some((file) => existsSync(file));
}

const ways: Readonly<Record<string, string>> = {
  NoCredentials: 'there are no AWS credentials: give --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  RegionMissing: 'the AWS region is not known: give --region, or set AWS_REGION',
};

/** What the doors say to whoever runs the operator, for whoever runs a command. */
export function inWords({reason, message}: Outcome): string {
  return ways[reason] ?? message;
}

import * as z from 'zod';
import {readFlags, UsageError} from '../flags.ts';
import {type Filter, filterOf} from './filter.ts';

export const usage = `Usage: drayage import [flags]

Reads an AWS account and writes the manifests that would manage what exists: repositories; and, unless repositories are
named, templates, pull-through caches and the settings of the registry. Nothing is changed in AWS. Applied, the objects
take what they name over (a Repository with adoptionPolicy: Adopt) and change nothing of it but the tags of ownership.

What to read
  --repository NAME|PATTERN   only these; * stands for any characters (team/*). May be repeated. Names alone need no
                              permission to list. Default: all
  --exclude NAME|PATTERN      not these. May be repeated
  --kind KIND[,KIND]          Registry, RepositoryTemplate, PullThroughCache, Repository (default: all). May be repeated
  --include-owned             also what an object of some cluster owns already (the tag drayage.dev/owner says so)

Where
  --region REGION             default: $AWS_REGION
  --profile NAME              a profile of ~/.aws/config; default: $AWS_PROFILE, or the credentials in the environment
  --account-role ARN          assume this role, to read another account; the Registry that is written names it too
  --external-id ID            what the role's trust policy asks for

What to write
  -n, --namespace NAME        namespace of the objects; left out, they name none, and kubectl's is used
  --registry NAME             the Registry that the objects are in. Default: "default", which every cluster has, or
                              ACCOUNT-REGION with --account-role. One with another name is written too
  --output-dir DIR            a file for each object: repository-team-app.yaml. Left out, all goes to standard output
  --overwrite                 replace files that are there and differ
  --dry-run                   list what would be written, and write nothing

Exit status: 0 everything was imported, 1 something was not (the rest is written), 2 wrong usage.
`;

const flags = {
  repository: {type: 'string', multiple: true},
  exclude: {type: 'string', multiple: true},
  kind: {type: 'string', multiple: true},
  'include-owned': {type: 'boolean'},
  region: {type: 'string'},
  profile: {type: 'string'},
  'account-role': {type: 'string'},
  'external-id': {type: 'string'},
  namespace: {type: 'string', short: 'n'},
  registry: {type: 'string'},
  'output-dir': {type: 'string'},
  overwrite: {type: 'boolean'},
  'dry-run': {type: 'boolean'},
} as const;

export interface ImportOptions {
  readonly filter: Filter;
  /** In the order of the importers. */
  readonly kinds: readonly string[];
  readonly includeOwned: boolean;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly role?: {readonly roleArn: string; readonly externalId?: string};
  readonly namespace?: string;
  readonly registry?: string;
  readonly outputDirectory?: string;
  readonly overwrite: boolean;
  readonly isDryRun: boolean;
}

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const subdomain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** Throws UsageError. */
export function importOptions(argv: readonly string[], known: readonly string[]): ImportOptions {
  const given = readFlags(argv, flags);
  const {namespace, registry, 'account-role': roleArn, 'external-id': externalId, 'output-dir': outputDirectory} = given;
  if (namespace !== undefined && !label.safeParse(namespace).success)
    throw new UsageError(`--namespace ${namespace} is no name of a namespace`);
  if (registry !== undefined && !subdomain.safeParse(registry).success)
    throw new UsageError(`--registry ${registry} is no name of an object`);
  if (externalId !== undefined && roleArn === undefined) throw new UsageError('--external-id needs --account-role');
  if (registry === 'default' && roleArn !== undefined) {
    throw new UsageError('--registry default is the account of the operator itself: with --account-role, choose another name');
  }
  return {
    filter: filterOf(given.repository ?? [], given.exclude ?? []),
    kinds: kindsOf(given.kind ?? [], known),
    includeOwned: given['include-owned'] ?? false,
    region: given.region,
    profile: given.profile,
    ...(roleArn !== undefined && {role: {roleArn, ...(externalId !== undefined && {externalId})}}),
    ...(namespace !== undefined && {namespace}),
    ...(registry !== undefined && {registry}),
    ...(outputDirectory !== undefined && {outputDirectory}),
    overwrite: given.overwrite ?? false,
    isDryRun: given['dry-run'] ?? false,
  };
}

function kindsOf(given: readonly string[], known: readonly string[]): readonly string[] {
  const wanted = given.flatMap((list) => list.split(',')).map((name) => name.trim().toLowerCase());
  const wrong = wanted.find((name) => !known.some((kind) => kind.toLowerCase() === name));
  if (wrong !== undefined) throw new UsageError(`--kind ${wrong} cannot be imported; these can: ${known.join(', ')}`);
  return known.filter((kind) => wanted.length === 0 || wanted.includes(kind.toLowerCase()));
}

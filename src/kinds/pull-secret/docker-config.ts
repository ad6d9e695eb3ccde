import {hostOf, hostsBeside} from '../../schema/registry-hosts.ts';

/** Credentials for one registry host. `password` is plain text here: what is built from it goes into a Secret at once. */
export interface HostCredential {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** ECR Public has two names: https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html */
const publicHosts: readonly string[] = ['public.ecr.aws', 'ecr-public.aws.com'];

/** Every host under which an image of the registry at an endpoint of ECR may be named. A host of another form stands for itself. */
export function hostForms(endpoint: string): readonly string[] {
  const host = hostOf(endpoint);
  return publicHosts.includes(host) ? publicHosts : hostsBeside(host);
}

/**
 * The text of a `.dockerconfigjson`: bare hosts, and `auth` besides username and password because some readers know only
 * one of the two forms. The same credentials give the same text, whatever their order.
 */
export function dockerConfig(credentials: readonly HostCredential[]): string {
  const auths = credentials.flatMap(({host, username, password}) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    return hostForms(host).map((form) => [form, {username, password, auth}] as const);
  });
  const sorted = auths.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify({auths: Object.fromEntries(sorted)});
}

/** Credentials for one registry host. `password` is plain text here: what is built from it goes into a Secret at once. */
export interface HostCredential {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

// Anchored, as the kubelet's ecr-credential-provider has it, so that no look-alike host is ever given a token.
const registryHost =
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9][a-z0-9-]*)\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

const dualStackSuffix: Readonly<Record<string, string>> = {
  'amazonaws.com': 'on.aws',
  'amazonaws.com.cn': 'on.amazonwebservices.com.cn',
};

/**
 * Every host under which an image of this registry may be named: IPv4, dual-stack, and in the Americas FIPS
 * (AWS, "Making requests to Amazon ECR registries"). ECR names the IPv4 one. A host of another form stands for itself.
 */
export function hostForms(endpoint: string): readonly string[] {
  const host = endpoint.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const [, account, region, suffix] = registryHost.exec(host) ?? [];
  if (account === undefined || region === undefined || suffix === undefined) return [host];
  const fips = suffix === 'amazonaws.com' && /^(us|ca)-/.test(region);
  const kinds = fips ? ['', '-fips'] : [''];
  const dual = dualStackSuffix[suffix];
  return kinds.flatMap((kind) => {
    const ipv4 = `${account}.dkr.ecr${kind}.${region}.${suffix}`;
    return dual === undefined ? [ipv4] : [ipv4, `${account}.dkr-ecr${kind}.${region}.${dual}`];
  });
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

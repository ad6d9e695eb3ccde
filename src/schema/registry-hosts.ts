/** The names of one registry that a status shows, without a scheme. They lead to the same images. */
export interface RegistryHosts {
  /** What AWS answers as `repositoryUri`. */
  readonly ipv4: string;
  /** IPv4 and IPv6; not through AWS PrivateLink. Absent where AWS documents none for the partition. */
  readonly dualStack?: string;
  /** FIPS 140-3 endpoints, where the region has them. */
  readonly fips?: string;
}

/** Which registry a host names. */
export interface RegistryName {
  readonly accountId: string;
  readonly region: string;
}

interface Partition {
  readonly region: RegExp;
  readonly suffix: string;
  readonly dualStackSuffix: string;
  /** Whether AWS's guide to ECR names the dual-stack host; elsewhere it is known from the ECS agent only. */
  readonly isDualStackDocumented: boolean;
}

/** AWS's own partition, and what a region of no other one belongs to, as in the SDK. */
const aws: Partition = {region: /^/, suffix: 'amazonaws.com', dualStackSuffix: 'on.aws', isDualStackDocumented: true};

/** The suffixes are those of the SDK's partition data; a registry's dual-stack host has `on` where that of an API has `api`. */
const partitions: readonly Partition[] = [
  {region: /^cn-/, suffix: 'amazonaws.com.cn', dualStackSuffix: 'on.amazonwebservices.com.cn', isDualStackDocumented: true},
  {...aws, region: /^us-gov-/},
  {region: /^us-iso-/, suffix: 'c2s.ic.gov', dualStackSuffix: 'on.aws.ic.gov', isDualStackDocumented: false},
  {region: /^us-isob-/, suffix: 'sc2s.sgov.gov', dualStackSuffix: 'on.aws.scloud', isDualStackDocumented: false},
  {region: /^us-isof-/, suffix: 'csp.hci.ic.gov', dualStackSuffix: 'on.aws.hci.ic.gov', isDualStackDocumented: false},
  {region: /^eu-isoe-/, suffix: 'cloud.adc-e.uk', dualStackSuffix: 'on.cloud-aws.adc-e.uk', isDualStackDocumented: false},
  {region: /^eusc-/, suffix: 'amazonaws.eu', dualStackSuffix: 'on.amazonwebservices.eu', isDualStackDocumented: false},
];

/** Regions with FIPS endpoints for ECR: https://docs.aws.amazon.com/general/latest/gr/ecr.html */
const fipsRegions = new Set(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1']);

/** FIPS is a standard of the United States and Canada: a region of theirs may get such endpoints before this list does. */
const mayHaveFips = /^(?:us|ca)-/;

function partitionOf(region: string): Partition {
  return partitions.find((candidate) => candidate.region.test(region)) ?? aws;
}

/** Every form that a host can have, whether or not the region has it. */
function forms(accountId: string, region: string) {
  const {suffix, dualStackSuffix} = partitionOf(region);
  return {
    ipv4: `${accountId}.dkr.ecr.${region}.${suffix}`,
    dualStack: `${accountId}.dkr-ecr.${region}.${dualStackSuffix}`,
    fips: `${accountId}.dkr.ecr-fips.${region}.${suffix}`,
    fipsDualStack: `${accountId}.dkr-ecr-fips.${region}.${dualStackSuffix}`,
  };
}

/** The hosts of a private registry that are known to be there. AWS answers the IPv4 one; the others follow from account and region. */
export function registryHosts(accountId: string, region: string): RegistryHosts {
  const {ipv4, dualStack, fips} = forms(accountId, region);
  return {
    ipv4,
    ...(partitionOf(region).isDualStackDocumented && {dualStack}),
    ...(fipsRegions.has(region) && {fips}),
  };
}

/**
 * Every host under which an image of a private registry may be named, the IPv4 one first. It has more than
 * `registryHosts`: a name too many is never asked for, but one too few is an image that cannot be pulled, or is not seen to run.
 */
export function allHosts(accountId: string, region: string): readonly string[] {
  const {ipv4, dualStack, fips, fipsDualStack} = forms(accountId, region);
  return mayHaveFips.test(region) ? [ipv4, dualStack, fips, fipsDualStack] : [ipv4, dualStack];
}

/**
 * The registry that a host names, in any form and partition; nothing for any other host. The whole host must be one that
 * is built from its account and region, so that no look-alike of another domain is taken for AWS and given a token.
 */
export function parseRegistryHost(host: string): RegistryName | undefined {
  const [, accountId, region] = /^([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9][a-z0-9-]*)\./.exec(host) ?? [];
  if (accountId === undefined || region === undefined) return undefined;
  return Object.values(forms(accountId, region)).includes(host) ? {accountId, region} : undefined;
}

/** The host of an address that may have a scheme and a path, as ECR answers `proxyEndpoint` and Docker keys its logins. */
export function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

/** The host itself, and every other one of the private registry that it names. A host of another form stands for itself. */
export function hostsBeside(host: string): readonly string[] {
  const registry = parseRegistryHost(host);
  return registry === undefined ? [host] : [...new Set([host, ...allHosts(registry.accountId, registry.region)])];
}

/** Whether a host is that of a private ECR registry, in any of its forms. */
export function isEcrHost(host: string): boolean {
  return parseRegistryHost(host) !== undefined;
}

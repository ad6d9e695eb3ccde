/** The names of one registry, without a scheme. They lead to the same images. */
export interface RegistryHosts {
  /** What AWS answers as `repositoryUri`. */
  readonly ipv4: string;
  /** IPv4 and IPv6; not through AWS PrivateLink. Absent where AWS documents none for the partition. */
  readonly dualStack?: string;
  /** FIPS 140-3 endpoints, where the region has them. */
  readonly fips?: string;
}

interface Partition {
  readonly region: RegExp;
  readonly suffix: string;
  readonly dualStackSuffix?: string;
}

/** As kubelet's ecr-credential-provider and the SDK's partition data have them. */
const partitions: readonly Partition[] = [
  {region: /^cn-/, suffix: 'amazonaws.com.cn', dualStackSuffix: 'on.amazonwebservices.com.cn'},
  {region: /^us-iso-/, suffix: 'c2s.ic.gov'},
  {region: /^us-isob-/, suffix: 'sc2s.sgov.gov'},
  {region: /^us-isof-/, suffix: 'csp.hci.ic.gov'},
  {region: /^eu-isoe-/, suffix: 'cloud.adc-e.uk'},
  {region: /^eusc-/, suffix: 'amazonaws.eu'},
  {region: /^/, suffix: 'amazonaws.com', dualStackSuffix: 'on.aws'},
];

/** Regions with FIPS endpoints for ECR: https://docs.aws.amazon.com/general/latest/gr/ecr.html */
const fipsRegions = new Set(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1']);

/** The hosts of a private registry. AWS always answers the IPv4 form; the others follow from account and region. */
export function registryHosts(accountId: string, region: string): RegistryHosts {
  const partition = partitions.find((candidate) => candidate.region.test(region));
  const suffix = partition?.suffix ?? 'amazonaws.com';
  const dualStackSuffix = partition?.dualStackSuffix;
  return {
    ipv4: `${accountId}.dkr.ecr.${region}.${suffix}`,
    ...(dualStackSuffix !== undefined && {dualStack: `${accountId}.dkr-ecr.${region}.${dualStackSuffix}`}),
    ...(fipsRegions.has(region) && {fips: `${accountId}.dkr.ecr-fips.${region}.${suffix}`}),
  };
}

const suffixes = new Set(
  partitions.flatMap(({suffix, dualStackSuffix}) => [suffix, ...(dualStackSuffix === undefined ? [] : [dualStackSuffix])]),
);

/** Whether a host is that of a private ECR registry, in any of its forms; a look-alike with another ending is not. */
export function isEcrHost(host: string): boolean {
  const [, suffix] = /^[0-9]{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(.+)$/.exec(host) ?? [];
  return suffix !== undefined && suffixes.has(suffix);
}

import type {Context} from './context.ts';

/** The driver of EBS volumes: the add-on's, or that of EKS Auto Mode where the Cluster says so. */
export function ebsDriver({cluster}: Context): string {
  return cluster.ebs?.provisioner ?? 'ebs.csi.aws.com';
}

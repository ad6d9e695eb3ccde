import type {Ecr} from './ecr.ts';
import type {Identity} from './identity.ts';

/** Which registry calls go to. Left out, the operator's own account and region. */
export interface RegistryLocation {
  readonly region?: string;
  readonly accountId?: string;
}

/** AWS, as this operator uses it. All clients of one identity share one credential provider. */
export interface Aws {
  /** Who the operator is (STS GetCallerIdentity), remembered for an hour. */
  identity(): Promise<Identity>;
  ecr(location: RegistryLocation): Ecr;
}

import type {Principals, RecordedCall} from './calls.ts';
import type {Faults} from './faults.ts';
import type {Images} from './images.ts';
import type {Moto} from './moto.ts';
import type {OidcProviders} from './oidc-providers.ts';
import type {RecordedPull} from './pulls.ts';
import type {Records} from './records.ts';
import type {SecretsSeen} from './secrets-seen.ts';
import type {Tokens} from './tokens.ts';

/** What the gateway is told at its start; written to a file, so it holds no secret. */
export interface GatewayConfig {
  readonly port: number;
  readonly moto: string;
  readonly ministack: string;
  readonly registry: string;
  readonly accountId: string;
  readonly region: string;
  readonly rootAccessKeyId: string;
  readonly tokenSeconds: number;
  /** Whether ECR calls are checked by ministack first. */
  readonly enforce: boolean;
}

/** Everything a request handler of the gateway may use. */
export interface Context {
  readonly config: GatewayConfig;
  readonly ministack: URL;
  readonly registry: URL;
  readonly moto: Moto;
  readonly images: Images;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly calls: Records<RecordedCall>;
  readonly pulls: Records<RecordedPull>;
  readonly principals: Principals;
  readonly secrets: SecretsSeen;
  readonly oidcProviders: OidcProviders;
  /** How far away this cloud is. */
  readonly distance: {milliseconds: number};
}

/** The ECR host name of an account and region. */
export function registryHost(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

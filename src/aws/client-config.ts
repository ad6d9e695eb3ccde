import type {Environment} from './credentials.ts';

/** Services by the name that AWS_ENDPOINT_URL_<SERVICE> has for them. */
export type ServiceName = 'ECR' | 'ECR_PUBLIC' | 'S3' | 'SECRETS_MANAGER' | 'SSM' | 'STS';

/**
 * What all clients have in common: every request has a time-out, and a call is tried three times at most. Of the environment
 * only what is named here is read; the SDK adds what it reads itself.
 */
export function clientConfig(environment: Environment, service: ServiceName) {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'];
  const agent = {keepAlive: true, maxSockets: 50};
  return {
    maxAttempts: 3,
    retryMode: 'standard',
    userAgentAppId: 'drayage',
    useFipsEndpoint: environment['AWS_USE_FIPS_ENDPOINT'] === 'true',
    useDualstackEndpoint: environment['AWS_USE_DUALSTACK_ENDPOINT'] === 'true',
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(endpoint && {endpoint}),
  };
}

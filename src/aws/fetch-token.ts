import {type ECRClient, GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import {type ECRPUBLICClient, GetAuthorizationTokenCommand as PublicTokenRequest} from '@aws-sdk/client-ecr-public';
import type {Caller} from './caller.ts';
import type {Fetched} from './token-memo.ts';

/** ECR's token for all private registries of the client's region. */
export function fetchPrivateToken(client: ECRClient, call: Caller): () => Promise<Fetched> {
  return () =>
    call('GetAuthorizationToken', undefined, async () => {
      const {authorizationData = []} = await client.send(new GetAuthorizationTokenCommand({}));
      return {data: authorizationData[0], clockOffset: client.config.systemClockOffset};
    });
}

/** ECR Public's. It also takes sts:GetServiceBearerToken. */
export function fetchPublicToken(client: ECRPUBLICClient, call: Caller): () => Promise<Fetched> {
  return () =>
    call('GetAuthorizationToken', undefined, async () => {
      const {authorizationData} = await client.send(new PublicTokenRequest({}));
      return {data: authorizationData, clockOffset: client.config.systemClockOffset};
    });
}

import {readFile} from 'node:fs/promises';
import {Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as overHttp} from 'node:http';
import {Agent as HttpsAgent, request as overHttps} from 'node:https';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {Interruption} from '../kinds/outcome.ts';
import {containerRefusal, objectIn} from './container-refusals.ts';
import type {Credentials} from './credential-memo.ts';

/** Where a container asks for credentials, as the variables AWS_CONTAINER_… say. */
export interface ContainerEndpoint {
  /** Relative to ECS's address. Goes before `fullUri`. */
  readonly relativeUri?: string;
  readonly fullUri?: string;
  /** Goes before `token`. Read anew at each fetch, because the kubelet replaces it. */
  readonly tokenFile?: string;
  readonly token?: string;
}

const ecsHost = '169.254.170.2';
/** The addresses of ECS and EKS that the SDKs take without TLS, beside loopback. */
const plainHosts = /^(169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\]|localhost|\[::1\]|127(\.\d{1,3}){3})$/;

const attempts = 3;
const timeoutMilliseconds = 5000;
/** More than any answer that is one. */
const longestAnswer = 65_536;

/**
 * Credentials from the container endpoint (EKS Pod Identity, ECS). The SDK's own provider is not used: it drops the text of a
 * refusal, in which EKS's agent says why, and asks three times where once is enough. Throws Interruption.
 */
export function containerCredentials(endpoint: ContainerEndpoint): () => Promise<Credentials> {
  return async () => {
    const url = urlOf(endpoint);
    const authorization = await authorizationOf(endpoint);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await ask(url, authorization);
      if (answer.status === 200) return credentialsIn(answer.body);
      const mayPass = answer.status === 0 || answer.status >= 500;
      if (!mayPass || attempt === attempts) throw new Interruption(containerRefusal(answer));
      await sleep(100 * 2 ** attempt);
    }
  };
}

function urlOf({relativeUri, fullUri = ''}: ContainerEndpoint): URL {
  const text = relativeUri === undefined ? fullUri : `http://${ecsHost}${relativeUri}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && plainHosts.test(url.hostname)))) return url;
  const message =
    `the credentials endpoint ${text} is not asked: without TLS it must be a loopback address or 169.254.170.2, 169.254.170.23 or ` +
    '[fd00:ec2::23]; mend AWS_CONTAINER_CREDENTIALS_FULL_URI of the operator';
  throw new Interruption({is: 'stalled', reason: 'NoCredentials', message, seconds: 120});
}

async function authorizationOf({tokenFile, token}: ContainerEndpoint): Promise<string | undefined> {
  if (tokenFile === undefined) return token;
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    const {code} = error as {readonly code?: unknown};
    const message = `the token of the pod, ${tokenFile}, cannot be read (${String(code)})`;
    throw new Interruption({is: 'failed', reason: 'CredentialsInvalid', message});
  }
}

/** Status 0: there was no answer, and `body` says why. Never throws; neither a proxy nor a redirect is followed. */
async function ask(url: URL, authorization: string | undefined): Promise<{readonly status: number; readonly body: string}> {
  try {
    const options = {headers: {accept: 'application/json', ...(authorization && {authorization})}};
    const request =
      url.protocol === 'https:'
        ? overHttps(url, {...options, agent: new HttpsAgent()})
        : overHttp(url, {...options, agent: new HttpAgent()});
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)), timeoutMilliseconds);
    try {
      const response = await answerTo(request);
      return {status: response.statusCode ?? 0, body: (await text(response)).slice(0, longestAnswer)};
    } finally {
      clearTimeout(timer);
    }
  } catch (error) {
    return {status: 0, body: error instanceof Error ? error.message : String(error)};
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
    request.end();
  });
}

function credentialsIn(body: string): Credentials {
  const {AccessKeyId, SecretAccessKey, Token, Expiration} = objectIn(body);
  const expiration = new Date(String(Expiration));
  if (typeof AccessKeyId === 'string' && typeof SecretAccessKey === 'string' && typeof Token === 'string' && !Number.isNaN(+expiration)) {
    return {accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token, expiration};
  }
  const message = 'the container credentials endpoint answered without AccessKeyId, SecretAccessKey, Token and Expiration';
  throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message});
}

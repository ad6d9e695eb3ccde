import {createServer, type IncomingMessage, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON for ECR, XML text for STS. */
  readonly body: unknown;
}

export interface Request {
  /** `ecr:DescribeRepositories`, `sts:GetCallerIdentity`, `pod-identity`. */
  readonly action: string;
  readonly input: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
}

/** An HTTP server on loopback that speaks ECR's JSON and STS's query protocol; what it answers, each test says. */
export interface FakeAws extends AsyncDisposable {
  readonly url: string;
  readonly requests: Request[];
  count(action: string): number;
}

export async function fakeAws(handle: (request: Request, nth: number) => Reply | Promise<Reply>): Promise<FakeAws> {
  const requests: Request[] = [];
  const server: Server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const request = read(incoming, Buffer.concat(chunks).toString('utf8'));
      requests.push(request);
      const nth = requests.filter(({action}) => action === request.action).length;
      const {status = 200, headers = {}, body} = await handle(request, nth);
      const type = request.action.startsWith('sts:') ? 'text/xml' : 'application/x-amz-json-1.1';
      response.writeHead(status, {'content-type': type, 'x-amzn-requestid': `req-${requests.length}`, ...headers});
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    count: (action) => requests.filter((request) => request.action === action).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function read(incoming: IncomingMessage, text: string): Request {
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') {
    return {action: `ecr:${target.split('.').at(-1)}`, input: JSON.parse(text) as Record<string, unknown>, headers: incoming.headers};
  }
  if (incoming.method === 'GET') return {action: 'pod-identity', input: {}, headers: incoming.headers};
  const form = Object.fromEntries(new URLSearchParams(text));
  return {action: `sts:${form['Action'] ?? ''}`, input: form, headers: incoming.headers};
}

export function awsError(name: string, message: string, status = 400, headers: Readonly<Record<string, string>> = {}): Reply {
  return {status, headers, body: {__type: name, message}};
}

export function stsError(code: string, message: string, status = 403): Reply {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>req-sts</RequestId></ErrorResponse>`;
  return {status, body};
}

export const callerIdentity: Reply = {
  body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/drayage/pod</Arn><UserId>A:pod</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
};

export function webIdentityCredentials(options: {readonly expiration: Date; readonly key?: string}): Reply {
  const {expiration, key = 'ASIAEXAMPLE'} = options;
  const credentials = `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret-key</SecretAccessKey><SessionToken>session-token</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>`;
  return {
    body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>${credentials}<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/drayage/pod</Arn><AssumedRoleId>A:pod</AssumedRoleId></AssumedRoleUser></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
  };
}

export function repositoryJson(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    repositoryName: name,
    repositoryArn: `arn:aws:ecr:us-east-1:123456789012:repository/${name}`,
    repositoryUri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}`,
    registryId: '123456789012',
    createdAt: 1_700_000_000,
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: {scanOnPush: false},
    encryptionConfiguration: {encryptionType: 'AES256'},
    ...more,
  };
}

/** Keys in the environment, and everything at the fake server. */
export function environmentFor(url: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-key', AWS_ENDPOINT_URL: url, ...more};
}

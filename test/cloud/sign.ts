import {createHash, createHmac} from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The headers that sign a POST of `body` to `url` by Signature Version 4. For the few IAM calls that the tests make, whose SDK
 * client is not among the project's packages.
 */
export function signedHeaders(
  input: {
    readonly url: URL;
    readonly service: string;
    readonly region: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  credentials: Credentials,
  now: Date,
): Record<string, string> {
  const {url, service, region, body} = input;
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const token = credentials.sessionToken === undefined ? {} : {'x-amz-security-token': credentials.sessionToken};
  const headers: Record<string, string> = {...input.headers, ...token, host: url.host, 'x-amz-date': time};
  const names = Object.keys(headers).toSorted();
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (key, part) => hmac(key, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = hmac(key, text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return {...headers, authorization};
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

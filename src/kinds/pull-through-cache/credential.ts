import {dockerAuthsIn} from '../../schema/secret-data.ts';
import {upstreamOf} from './upstreams.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import {upstreamUrlOf} from './wanted.ts';

/** Credentials for an upstream, or what a Secret lacks of them. */
export type Login =
  | {readonly is: 'login'; readonly username: string; readonly accessToken: string}
  | {readonly is: 'fault'; readonly fault: string};

/** What a Secret's data says, decoded. `text` gives the value of a key. */
export function loginIn(text: (key: string) => string | undefined, spec: PullThroughCacheSpec): Login {
  const config = text('.dockerconfigjson');
  if (config !== undefined) return loginInConfig(config, spec);
  const username = text('username');
  const accessToken = text('accessToken') ?? text('password');
  if (!username) return {is: 'fault', fault: 'it has no key username'};
  if (!accessToken) return {is: 'fault', fault: 'it has no key accessToken, nor password'};
  return {is: 'login', username, accessToken};
}

function loginInConfig(config: string, spec: PullThroughCacheSpec): Login {
  const url = upstreamUrlOf(spec);
  const auths = dockerAuthsIn(config);
  if (auths === undefined) return {is: 'fault', fault: 'its .dockerconfigjson is not JSON with auths'};
  const hosts = [url, `https://${url}`, ...(upstreamOf(spec.upstreamRegistry).loginHosts ?? [])];
  const found = hosts.map((host) => auths[host]).find((auth) => auth !== undefined);
  if (found === undefined) return {is: 'fault', fault: `its .dockerconfigjson has no entry for ${hosts.join(' or ')}`};
  // The password may hold colons.
  const decoded = Buffer.from(found.auth ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const username = found.username ?? decoded.slice(0, Math.max(0, colon));
  const accessToken = found.password ?? decoded.slice(colon + 1);
  if (username === '' || accessToken === '')
    return {is: 'fault', fault: 'its .dockerconfigjson has an entry without username and password'};
  return {is: 'login', username, accessToken};
}

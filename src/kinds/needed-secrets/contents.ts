import {Secret} from '../../schema/secret.ts';
import {dockerConfigHost} from '../../translate/docker-config-host.ts';

/** What a Secret of Kubernetes is to hold. */
export interface Contents {
  readonly type: string;
  readonly values: Readonly<Record<string, Secret>>;
}

/** What was wanted, or why it cannot be had: the rest of a sentence, never with a value in it. */
export type Got<T> = {readonly got: T} | {readonly problem: string};

/** The member of a value that is JSON, as the ECS agent takes it: text as it is, numbers and booleans as they are written. */
export function memberOf(value: Secret, key: string): Got<Secret> {
  const object = objectIn(value);
  if (object === undefined) return {problem: `is not a JSON object, so it has no key ${key}`};
  if (!Object.hasOwn(object, key)) return {problem: `has no JSON key ${key}`};
  const member = object[key];
  if (member === null) return {problem: `has null under the JSON key ${key}`};
  return {got: new Secret(typeof member === 'string' ? member : JSON.stringify(member))};
}

/** `{"username", "password"}` as a pull secret. */
export function pullSecretOf(value: Secret, host: string): Got<Contents> {
  const {username, password} = objectIn(value) ?? {};
  if (typeof username !== 'string' || typeof password !== 'string') {
    return {problem: 'is not a JSON object with the texts username and password'};
  }
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = JSON.stringify({auths: {[dockerConfigHost(host)]: {username, password, auth}}});
  return {got: {type: 'kubernetes.io/dockerconfigjson', values: {'.dockerconfigjson': new Secret(config)}}};
}

function objectIn(value: Secret): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(value.reveal());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // What the parser says quotes the value.
    return undefined;
  }
}

/**
 * The variables of a file, as the ECS agent reads it: a line is `NAME=VALUE` with nothing quoted or escaped; lines that begin
 * with `#`, or have nothing on one side of the first `=`, are passed over; the last of two lines with one name counts.
 * Source: readEnvVarsFromFile in the agent's taskresource/envFiles.
 */
export function variablesOf(file: Secret): Got<Readonly<Record<string, Secret>>> {
  const variables = new Map<string, Secret>();
  for (const [index, line] of file.reveal().split(/\r?\n/).entries()) {
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals < 1 || equals === line.length - 1) continue;
    const name = line.slice(0, equals);
    if (!/^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]{1,253}$/.test(name)) {
      return {problem: `has a name in line ${index + 1} that a Secret cannot hold: only letters, digits, ".", "-" and "_" go`};
    }
    variables.set(name, new Secret(line.slice(equals + 1)));
  }
  return {got: Object.fromEntries(variables)};
}

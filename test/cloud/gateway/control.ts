import type {RecordedCall} from './calls.ts';
import type {Context} from './context.ts';
import type {Fault} from './faults.ts';
import {parseObject} from './message.ts';
import type {IssuerKey} from './oidc-providers.ts';
import type {RecordedPull} from './pulls.ts';
import type {IssuedToken} from './tokens.ts';

/** What tests may ask of a running gateway: `POST /_gateway/<name>` with `{"value": …}`, answered with `{"value": …}`. */
export interface Control {
  health: {readonly value: undefined; readonly answer: 'ok'};
  calls: {readonly value: undefined; readonly answer: readonly RecordedCall[]};
  resetCalls: {readonly value: undefined; readonly answer: void};
  pulls: {readonly value: undefined; readonly answer: readonly RecordedPull[]};
  resetPulls: {readonly value: undefined; readonly answer: void};
  tokens: {readonly value: undefined; readonly answer: readonly IssuedToken[]};
  expireTokens: {readonly value: number | undefined; readonly answer: void};
  /** Added to every AWS call from now on, in milliseconds: as far away as AWS is. */
  setLatency: {readonly value: number; readonly answer: void};
  setTokenLifetime: {readonly value: number; readonly answer: void};
  addFault: {readonly value: Fault; readonly answer: void};
  clearFaults: {readonly value: undefined; readonly answer: void};
  endSessions: {readonly value: undefined; readonly answer: void};
  setIssuerKeys: {readonly value: {readonly issuer: string; readonly keys: readonly IssuerKey[]}; readonly answer: void};
}

type Handlers = {readonly [Name in keyof Control]: (context: Context, value: Control[Name]['value']) => Control[Name]['answer']};

const handlers: Handlers = {
  health: () => 'ok',
  calls: ({calls}) => calls.list(),
  resetCalls: ({calls}) => calls.reset(),
  pulls: ({pulls}) => pulls.list(),
  resetPulls: ({pulls}) => pulls.reset(),
  tokens: ({tokens}) => tokens.list(),
  expireTokens: ({tokens}, before) => tokens.expireAll(before),
  setLatency: ({distance}, milliseconds) => {
    distance.milliseconds = milliseconds;
  },
  setTokenLifetime: ({tokens}, seconds) => tokens.setLifetime(seconds),
  addFault: ({faults}, fault) => faults.add(fault),
  clearFaults: ({faults}) => faults.clear(),
  endSessions: ({principals}) => principals.endSessions(),
  setIssuerKeys: ({oidcProviders}, {issuer, keys}) => oidcProviders.setKeys(issuer, keys),
};

/** The path under which control requests arrive. */
export const controlPrefix = '/_gateway/';

/** Answers a control request: HTTP status and JSON text. */
export function answerControl(context: Context, name: string, body: Buffer): {readonly status: number; readonly text: string} {
  if (!Object.hasOwn(handlers, name)) return {status: 404, text: JSON.stringify({error: `There is no ${name}`})};
  try {
    const handler = handlers[name as keyof Control] as (context: Context, value: unknown) => unknown;
    return {status: 200, text: JSON.stringify({value: handler(context, parseObject(body)?.['value'])})};
  } catch (error) {
    return {status: 500, text: JSON.stringify({error: String(error)})};
  }
}

/** Asks a running gateway. Rejects with the gateway's own words. */
export async function ask<Name extends keyof Control>(
  endpoint: string,
  name: Name,
  value?: Control[Name]['value'],
): Promise<Control[Name]['answer']> {
  const response = await fetch(`${endpoint}${controlPrefix}${name}`, {method: 'POST', body: JSON.stringify({value})});
  const answer = (await response.json()) as {readonly value: Control[Name]['answer']; readonly error?: string};
  if (!response.ok) throw new Error(answer.error ?? `The gateway answered ${response.status}`);
  return answer.value;
}

import {hostOf} from '../../schema/registry-hosts.ts';
import {hostForms} from './docker-config.ts';

type Json = Readonly<Record<string, unknown>>;

/** A document as it is to be, or why it cannot be worked on. */
export type Edited = {readonly text: string} | {readonly why: string};

/**
 * A `.dockerconfigjson` with our entries among its own. `former` are the hosts of the registries that we put into it before,
 * which go. Whatever else it holds stays, also members that we do not know.
 */
export function withOurs(document: string, ours: string, former: readonly string[]): Edited {
  return edited(document, (auths) => {
    const added = (JSON.parse(ours) as {readonly auths: Json}).auths;
    const gone = namesOf(former);
    // Other tools write `https://host` or `https://host/v1/`.
    const kept = Object.entries(auths).filter(([key]) => !gone.has(key) && added[hostOf(key)] === undefined);
    return {...Object.fromEntries(kept), ...added};
  });
}

/** A `.dockerconfigjson` without the entries that we put into it, in all forms of their hosts. */
export function withoutOurs(document: string, former: readonly string[]): Edited {
  const gone = namesOf(former);
  return edited(document, (auths) => Object.fromEntries(Object.entries(auths).filter(([key]) => !gone.has(key))));
}

function namesOf(registries: readonly string[]): ReadonlySet<string> {
  return new Set(registries.flatMap((host) => hostForms(host)));
}

function edited(document: string, change: (auths: Json) => Json): Edited {
  try {
    const value: unknown = JSON.parse(document);
    if (!isObject(value)) return {why: 'it is no JSON object'};
    const {auths = {}} = value;
    if (!isObject(auths)) return {why: 'its auths are no JSON object'};
    return {text: JSON.stringify({...value, auths: change(auths)})};
  } catch {
    return {why: 'it is not JSON'};
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

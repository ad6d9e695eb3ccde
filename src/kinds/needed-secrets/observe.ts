import {secrets as secretType} from '../../schema/types.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {NeededSecret, NeededValue} from '../../translate/needs.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {managedSecrets, withDigests} from '../sources.ts';
import {arnOf, mayAsk} from './allowed.ts';
import type {Contents} from './contents.ts';
import {contentsOf} from './fill.ts';
import type {Demand, Problem, SeenSecrets} from './observed.ts';
import {faultOf} from './state.ts';
import {valuesOf} from './observe-values.ts';

/**
 * The Secrets that are needed, and, for those that are missing, changed or of an earlier deployment, what AWS has for them.
 * Where all are as they must be, nothing is asked of AWS. Throws Interruption where AWS is down, or the operator nobody there.
 */
export async function observeSecrets(demand: Demand, doors: Doors): Promise<SeenSecrets> {
  const {needs} = demand;
  const {namespace} = demand.owner.metadata;
  const found = await Promise.all(needs.map(async ({name}) => [name, await lookAt(name, namespace, doors)] as const));
  const present = Object.fromEntries(found.flatMap(([name, secret]) => (secret === undefined ? [] : [[name, secret]])));
  const faulty = needs.filter(({name}) => {
    const fault = faultOf(present[name], demand);
    return fault !== undefined && fault.foreign !== true;
  });
  const names = new Set(needs.map(({name}) => name));
  const unneeded = doors.cache
    .list(managedSecrets, namespace)
    .filter((secret) => isOwnedBy(secret, demand.owner) && !names.has(secret.metadata.name));
  const {read, problems} = faulty.length === 0 ? {read: {}, problems: []} : await readAll(faulty, demand, doors);
  return {present, read, problems, unneeded};
}

async function lookAt(name: string, namespace: string | undefined, doors: Doors): Promise<KubeObject | undefined> {
  const cached = doors.cache.get(managedSecrets, name, namespace);
  if (cached !== undefined) return cached;
  const secret = await doors.kube.get({type: secretType, name, ...(namespace !== undefined && {namespace})});
  return secret === undefined ? undefined : withDigests(secret);
}

async function readAll(
  needs: readonly NeededSecret[],
  {allowed}: Demand,
  doors: Doors,
): Promise<{readonly read: Readonly<Record<string, Contents>>; readonly problems: readonly Problem[]}> {
  const identity = await doors.aws.identity();
  const values = needs.flatMap((need): readonly NeededValue[] =>
    need.is === 'values' ? Object.values(need.values) : need.is === 'files' ? need.files : [need.value],
  );
  const denied = values.filter(({source}) => !mayAsk(allowed, arnOf(source, identity)));
  if (denied.length > 0) {
    return {read: {}, problems: denied.map((value) => notAllowed(value, arnOf(value.source, identity)))};
  }
  const held = await valuesOf(
    values.map(({source}) => source),
    doors.aws,
    identity,
    allowed,
  );
  const filled = needs.map((need) => [need.name, contentsOf(need, held, (value) => arnOf(value.source, identity))] as const);
  return {
    read: Object.fromEntries(filled.flatMap(([name, result]) => ('got' in result ? [[name, result.got]] : []))),
    problems: filled.flatMap(([, result]) => ('got' in result ? [] : result.problems)),
  };
}

function notAllowed({path, what}: NeededValue, arn: string): Problem {
  const message = `${path} (${what}): ${arn} may not be read for tasks; add it, or a pattern that fits it, to secrets.allowedResources of the Cluster.`;
  return {reason: 'SecretNotAllowed', message};
}

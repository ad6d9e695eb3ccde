import type {KubeObject} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import type {Contents} from './contents.ts';
import type {Demand, SeenSecrets} from './observed.ts';
import {faultOf} from './state.ts';

export type SecretStep =
  | {
      readonly call: 'WriteSecret';
      readonly why: string;
      readonly name: string;
      readonly contents: Contents;
      readonly demand: Demand;
    }
  | {readonly call: 'DeleteSecret'; readonly why: string; readonly secret: KubeObject};

/** How long a refusal that sends no event is left alone. */
const refusedSeconds = 60;
/** More are in nobody's head at once. */
const problemsShown = 3;

/** The Secrets that must be written before anything new may start; or why that cannot be. */
export function planSecrets(demand: Demand, seen: SeenSecrets): readonly SecretStep[] | Outcome {
  const faults = demand.needs.map(({name}) => ({name, fault: faultOf(seen.present[name], demand)}));
  const foreign = faults.find(({fault}) => fault?.foreign === true);
  if (foreign !== undefined) {
    const message = `The Secret ${foreign.name} exists and was not made by this object; delete it.`;
    return {is: 'stalled', reason: 'SecretNotOwned', message, seconds: refusedSeconds};
  }
  const [first] = seen.problems;
  if (first !== undefined) {
    const shown = seen.problems.slice(0, problemsShown).map(({message}) => message);
    const rest = seen.problems.length - shown.length;
    const message = rest > 0 ? `${shown.join(' ')} (and ${rest} more)` : shown.join(' ');
    return {is: 'stalled', reason: first.reason, message, seconds: refusedSeconds};
  }
  return faults.flatMap(({name, fault}): readonly SecretStep[] => {
    const contents = seen.read[name];
    if (fault === undefined || contents === undefined) return [];
    return [{call: 'WriteSecret', why: `write the Secret ${name}: ${fault.why}`, name, contents, demand}];
  });
}

/** The Secrets that nothing needs any more. Only for when nothing runs that was started with them. */
export function planRemoval({unneeded}: SeenSecrets): readonly SecretStep[] {
  return unneeded.map((secret) => ({call: 'DeleteSecret', why: `delete the Secret ${secret.metadata.name}: nothing needs it`, secret}));
}

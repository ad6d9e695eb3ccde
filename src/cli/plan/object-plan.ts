import {readSpec} from '../../engine/read-spec.ts';
import type {Doors} from '../../kinds/doors.ts';
import type {Kind} from '../../kinds/kind.ts';
import {Interruption, type Outcome} from '../../kinds/outcome.ts';
import type {KubeObject} from '../../schema/object.ts';
import {toStructural} from '../../schema/structural.ts';
import {inWords} from '../aws.ts';
import {patiently} from '../patiently.ts';
import {unknownFields} from './unknown-fields.ts';

/** A call, as far as it is shown: what is sent stays out, so that nothing secret can be printed. */
export interface PlannedCall {
  readonly call: string;
  readonly why: string;
}

/** What would become of one object. */
export interface ObjectPlan {
  /** `file:line` */
  readonly where: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly steps: readonly PlannedCall[];
  /** Once the steps are done; `undefined` where the kind has nothing in AWS. */
  readonly then?: Outcome;
}

/** Observes and plans, as the operator does in the first round of a walk. Never rejects for what an object or AWS may cause. */
export async function planObject(
  kind: Kind,
  manifest: {readonly where: string; readonly object: KubeObject},
  doors: Doors,
  signal: AbortSignal,
): Promise<ObjectPlan> {
  const {where, object} = manifest;
  const {namespace, name} = object.metadata;
  const about = {where, kind: object.kind, ...(namespace !== undefined && {namespace}), name};
  try {
    const unknown = unknownFields(toStructural(kind.definition.spec), object['spec'] ?? {}, 'spec');
    if (unknown.length > 0) return {...about, steps: [], then: misspelt(unknown)};
    const resource = readSpec(kind.definition, object);
    const {steps, then} = kind.plan(resource, await patiently(() => kind.observe(resource, doors), signal), doors.now());
    return {...about, steps: steps.map(({call, why}) => ({call, why})), then};
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    return {...about, steps: [], then: {...error.outcome, message: inWords(error.outcome)}};
  }
}

function misspelt(fields: readonly string[]): Outcome {
  return {is: 'stalled', reason: 'InvalidSpec', message: fields.map((field) => `${field}: there is no such field`).join('; ')};
}

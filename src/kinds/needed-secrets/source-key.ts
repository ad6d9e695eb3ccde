import {canonical} from '../../translate/fingerprint.ts';
import type {ValueSource} from '../../translate/needs.ts';

/** The same for all that one call can read: members of one version of a secret come from one. */
export function keyOf(source: ValueSource): string {
  return canonical({...source, jsonKey: undefined});
}

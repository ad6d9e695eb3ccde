import type {Kind} from '../kinds/kind.ts';

/** What every kind needs to know who the operator is, as itself or in a role. STS asks no permission for the second. */
const everyones = ['sts:AssumeRole', 'sts:GetCallerIdentity', 'sts:TagSession'];

/** The IAM actions that the operator's role needs, sorted: what the kinds say of themselves. */
export function operatorActions(kinds: readonly Kind[]): readonly string[] {
  return [...new Set([...everyones, ...kinds.flatMap(({definition}) => definition.actions ?? [])])].toSorted();
}

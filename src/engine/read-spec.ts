import type {Definition} from '../schema/definition.ts';
import type {KubeObject, Resource} from '../schema/object.ts';
import {issueText} from '../schema/issue-text.ts';
import {Interruption} from '../kinds/outcome.ts';

const shownIssues = 8;

/** The object with its spec as the schema reads it. Throws a stalled Interruption that names each wrong field. */
export function readSpec(definition: Definition, object: KubeObject): Resource {
  const parsed = definition.spec.safeParse(object['spec'] ?? {});
  if (parsed.success) return {...object, spec: parsed.data};
  const issues = parsed.error.issues.map((issue) => issueText(issue, 'spec'));
  const more = issues.length > shownIssues ? `; and ${issues.length - shownIssues} more` : '';
  throw new Interruption({is: 'stalled', reason: 'InvalidSpec', message: issues.slice(0, shownIssues).join('; ') + more});
}

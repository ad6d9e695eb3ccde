import type * as z from 'zod';
import type {Definition} from '../schema/definition.ts';
import type {KubeObject, Resource} from '../schema/object.ts';
import {Interruption} from '../kinds/outcome.ts';

const shownIssues = 8;

/** The object with its spec as the schema reads it. Throws a stalled Interruption that names each wrong field. */
export function readSpec(definition: Definition, object: KubeObject): Resource {
  const parsed = definition.spec.safeParse(object['spec'] ?? {});
  if (parsed.success) return {...object, spec: parsed.data};
  const issues = parsed.error.issues.map(issueText);
  const more = issues.length > shownIssues ? `; and ${issues.length - shownIssues} more` : '';
  throw new Interruption({is: 'stalled', reason: 'InvalidSpec', message: issues.slice(0, shownIssues).join('; ') + more});
}

function issueText(issue: z.core.$ZodIssue): string {
  return `${pathText(issue.path)}: ${issue.message}`;
}

/** `spec.rules[0].tags["a.b"]` */
function pathText(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const name = String(step);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return `spec${steps.join('')}`;
}

import type * as z from 'zod';

/** What is wrong and where: `spec.rules[0].tags["a.b"]: Invalid input`. `root` stands before the path, and may be empty. */
export function issueText(issue: z.core.$ZodIssue, root: string): string {
  const path = `${root}${pathText(issue.path)}`.replace(/^\./, '');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function pathText(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const name = String(step);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return steps.join('');
}

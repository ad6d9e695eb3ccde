/* oxlint-disable no-underscore-dangle -- `_zod` is zod's own door for those who read schemas: https://zod.dev/library-authors */
import type * as z from 'zod';

/** What a schema is made of, discriminated by `type`. */
export function defOf(schema: z.core.$ZodType): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** What a check is made of, discriminated by `check`. */
export function checkDefOf(check: z.core.$ZodCheck): z.core.$ZodChecks['_zod']['def'] {
  return (check as unknown as z.core.$ZodChecks)._zod.def;
}

/** Whether a field may be left out of what a user writes. */
export function mayBeLeftOut(schema: z.core.$ZodType): boolean {
  return schema._zod.optin !== undefined;
}

import type {StructuralSchema} from './structural-schema.ts';

/**
 * A value as the API server stores it: with the defaults of its absent fields. A CRD's own defaults are written so, because
 * the API server tries its CEL rules on them as they stand.
 */
export function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return value;
  const filled: Record<string, unknown> = {...value};
  for (const [name, field] of Object.entries(schema.properties)) {
    if (filled[name] !== undefined) filled[name] = withDefaults(field, filled[name]);
    else if (field.default !== undefined) filled[name] = field.default;
  }
  return filled;
}

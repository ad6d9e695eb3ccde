/** The family that a spec names, with or without the wrapper of `describe-task-definition`; undefined where it names none. */
export function familyOf(spec: unknown): string | undefined {
  const direct = fieldOf(spec, 'family');
  const family = direct ?? fieldOf(fieldOf(spec, 'taskDefinition'), 'family');
  return typeof family === 'string' ? family : undefined;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
}

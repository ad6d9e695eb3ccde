type OfObject = 'stop' | 'stopReason' | 'ttlSecondsAfterStopped';

/** RunTask's input in the spec of a Task: without what is asked of the object afterwards. */
export function runOf<Spec extends object>(spec: Spec & Partial<Record<OfObject, unknown>>): Omit<Spec, OfObject> {
  const {stop: _, stopReason: __, ttlSecondsAfterStopped: ___, ...run} = spec;
  return run;
}

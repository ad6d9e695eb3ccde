const limit = 500_000;

/** What was seen, the oldest first. */
export interface Records<T> {
  add(record: T): void;
  /** Since the last `reset`. Throws where there were more than 500,000: none is left out in silence. */
  list(): readonly T[];
  reset(): void;
}

/** `what`: how a complaint names them. */
export function recordsOf<T>(what: string): Records<T> {
  let kept: T[] = [];
  let lost = 0;
  return {
    add(record) {
      if (kept.length < limit) kept.push(record);
      else lost += 1;
    },
    list() {
      if (lost > 0) throw new Error(`${lost} ${what} beyond the first ${limit} were not kept: reset the log more often`);
      return kept;
    },
    reset() {
      kept = [];
      lost = 0;
    },
  };
}

/** Tests counted by how they ended. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts one line of TAP: a test point, or nothing. Diagnostics are indented, so they never look like one. */
export function readTapLine(tally: Tally, line: string): Tally {
  const point = /^(not )?ok \d+/.exec(line);
  if (point === null) return tally;
  if (/# (skip|todo)\b/i.test(line)) return {...tally, skipped: tally.skipped + 1};
  return point[1] === undefined ? {...tally, passed: tally.passed + 1} : {...tally, failed: tally.failed + 1};
}

export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
    }),
    {passed: 0, failed: 0, skipped: 0},
  );
}

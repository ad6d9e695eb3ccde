/** The HTTP status of an error that the API server answered with; `undefined` for any other error, also where no answer came. */
export function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const {code, status} = error as {readonly code?: unknown; readonly status?: unknown};
  return [status, code].find((value): value is number => typeof value === 'number' && value >= 400);
}

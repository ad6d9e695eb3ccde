/** The HTTP status of an error that the API server answered with; `undefined` for any other error. */
export function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const {code, status} = error as {readonly code?: unknown; readonly status?: unknown};
  if (typeof code === 'number') return code;
  return typeof status === 'number' ? status : undefined;
}

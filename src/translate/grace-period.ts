type Json = Readonly<Record<string, unknown>>;

interface Probe {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/**
 * A pod whose health checks do not count for so many seconds after it has started: `healthCheckGracePeriodSeconds`. Where a
 * container's own `startPeriod` is longer, that counts.
 */
export function withGracePeriod(pod: Json, seconds: number): Json {
  const {containers = [], initContainers} = pod as {containers?: readonly Json[]; initContainers?: readonly Json[]};
  const graced = (container: Json): Json => graceful(container, seconds);
  return {...pod, ...(initContainers && {initContainers: initContainers.map(graced)}), containers: containers.map(graced)};
}

function graceful(container: Json, seconds: number): Json {
  const {startupProbe, livenessProbe} = container as {startupProbe?: Probe; livenessProbe?: Probe};
  if (startupProbe === undefined) return container;
  const retries = livenessProbe?.failureThreshold ?? 0;
  const failureThreshold = Math.max(startupProbe.failureThreshold, Math.ceil(seconds / startupProbe.periodSeconds) + retries);
  return {...container, startupProbe: {...startupProbe, failureThreshold}};
}

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

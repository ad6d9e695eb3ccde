import type {Operator} from './operator.ts';

/** How many walks of a controller have ended so far, in whatever way. */
export async function reconciles(operator: Pick<Operator, 'metricsUrl'>, controller: string): Promise<number> {
  const text = await (await fetch(`${operator.metricsUrl}/metrics`)).text();
  const counts = [...text.matchAll(/^controller_runtime_reconcile_total\{(.*)\} (\d+)$/gm)];
  const own = counts.filter(([, labels]) => labels?.includes(`controller="${controller}"`));
  if (own.length === 0) throw new Error(`no walks of ${controller} are counted in:\n${text.slice(0, 2000)}`);
  return own.reduce((sum, [, , count]) => sum + Number(count), 0);
}

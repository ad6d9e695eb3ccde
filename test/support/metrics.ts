import type {Operator} from './operator.ts';

type Labels = Readonly<Record<string, string>>;

/** The sum of a metric's values over the series that have these labels; 0 where there is none. */
export async function metric({metricsUrl}: Pick<Operator, 'metricsUrl'>, name: string, labels: Labels): Promise<number> {
  return sumOf(seriesOf(await textOf(metricsUrl), name), labels).sum;
}

/** How many walks of a controller have ended so far, in whatever way. */
export async function reconciles({metricsUrl}: Pick<Operator, 'metricsUrl'>, controller: string): Promise<number> {
  const text = await textOf(metricsUrl);
  const {sum, matching} = sumOf(seriesOf(text, 'controller_runtime_reconcile_total'), {controller});
  if (matching === 0) throw new Error(`no walks of ${controller} are counted in:\n${text.slice(0, 2000)}`);
  return sum;
}

async function textOf(metricsUrl: string): Promise<string> {
  return (await fetch(`${metricsUrl}/metrics`)).text();
}

interface Series {
  readonly labels: string;
  readonly value: number;
}

function seriesOf(text: string, name: string): readonly Series[] {
  const lines = text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm);
  return [...lines].filter(([, found]) => found === name).map(([, , labels = '', value]) => ({labels, value: Number(value)}));
}

function sumOf(series: readonly Series[], labels: Labels): {readonly sum: number; readonly matching: number} {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const matching = series.filter((one) => wanted.every((pair) => one.labels.split(',').includes(pair)));
  return {sum: matching.reduce((sum, {value}) => sum + value, 0), matching: matching.length};
}

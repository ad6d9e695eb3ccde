/** What an expression of PromQL names. Enough for rules in which a selector is `name`, `name{…}` or either with `[…]`. */
export interface Named {
  readonly selectors: readonly {readonly metric: string; readonly labels: readonly string[]}[];
  /** Labels in `by (…)` and `on (…)`. */
  readonly grouping: readonly string[];
}

const words = new Set(['and', 'or', 'unless', 'sum', 'min', 'max', 'count', 'rate', 'increase', 'time', 'vector']);

export function namedIn(expression: string): Named {
  const grouping: string[] = [];
  const selectors: {metric: string; labels: readonly string[]}[] = [];
  expression
    .replaceAll(/#.*$/gm, '')
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|on)\s*\(([^)]*)\)/g, (_, list: string) => {
      grouping.push(...list.split(',').map((label) => label.trim()));
      return '';
    })
    .replaceAll(/([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?/g, (_, metric: string, matchers = '') => {
      const labels = [...String(matchers).matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)].map(([, label = '']) => label);
      if (!words.has(metric)) selectors.push({metric, labels});
      return '';
    });
  return {selectors, grouping};
}

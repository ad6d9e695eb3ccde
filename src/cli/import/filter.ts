/** Which names are meant. */
export interface Filter {
  /** Whole names. */
  readonly names: readonly string[];
  /** With `*` for any characters, also `/`. */
  readonly patterns: readonly string[];
  /** Names or patterns that are left out, whatever else says. */
  readonly excluded: readonly string[];
}

export function filterOf(given: readonly string[], excluded: readonly string[]): Filter {
  return {names: given.filter((one) => !one.includes('*')), patterns: given.filter((one) => one.includes('*')), excluded};
}

/** Whether nothing is named: then everything in the registry is meant, and not repositories alone. */
export function isEverything({names, patterns}: Filter): boolean {
  return names.length === 0 && patterns.length === 0;
}

/** Whether all there are must be listed, because names alone do not say which are meant. */
export function needsList({names, patterns}: Filter): boolean {
  return names.length === 0 || patterns.length > 0;
}

/** Nothing named means everything. */
export function isMeant({names, patterns, excluded}: Filter, name: string): boolean {
  if (excluded.some((pattern) => fits(pattern, name))) return false;
  return (names.length === 0 && patterns.length === 0) || names.includes(name) || patterns.some((pattern) => fits(pattern, name));
}

function fits(pattern: string, name: string): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
    's',
  ).test(name);
}

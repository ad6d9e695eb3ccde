/** `1 call`, `2 calls`, `3 Registries`. */
export function plural(count: number, one: string): string {
  if (count === 1) return `1 ${one}`;
  return `${count} ${/[^aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : `${one}s`}`;
}

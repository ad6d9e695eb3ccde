export type Segment = string | number;

/** `at('containerDefinitions[0]', 'image')` is `containerDefinitions[0].image`; what is no identifier is quoted in brackets. */
export function at(path: string, ...segments: readonly Segment[]): string {
  return segments.reduce<string>((so, segment) => so + text(segment, so === ''), path);
}

/** The same place in any list: `containerDefinitions[3].image` becomes `containerDefinitions[].image`. */
export function patternAt(pattern: string, segment: Segment): string {
  return typeof segment === 'number' ? `${pattern}[]` : at(pattern, segment);
}

function text(segment: Segment, isFirst: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(segment)) return `[${JSON.stringify(segment)}]`;
  return isFirst ? segment : `.${segment}`;
}

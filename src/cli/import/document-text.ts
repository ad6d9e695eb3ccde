import {faultOf} from '../../documents/json.ts';

/**
 * A JSON document for people: indented, so that YAML writes it as a block and Git shows each line. It stays as AWS has it
 * where that would change its meaning or make it longer than `most` characters; `undefined` where it is no document or is too long.
 */
export function readableDocument(
  text: string,
  {most, isSame}: {readonly most: number; readonly isSame: (one: string, other: string) => boolean},
): string | undefined {
  if (faultOf(text) !== undefined) return undefined;
  const value: unknown = JSON.parse(text);
  const candidates = [`${JSON.stringify(value, undefined, 2)}\n`, text, JSON.stringify(value)];
  return candidates.find((candidate) => candidate.length <= most && isSame(candidate, text));
}

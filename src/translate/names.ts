import {fingerprint} from './fingerprint.ts';

const suffixLength = 6;

/**
 * An RFC 1123 label (at most 63 characters) for a name of ECS, which may hold capitals, `_` and 255 characters. A name that
 * is one already stays; any other gets a short hash of the original, so that `Web_1` and `web-1` stay apart.
 */
export function labelName(name: string, length = 63): string {
  if (name.length <= length && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  return withSuffix(name, length, 'c');
}

/** A container port's name: at most 15 characters of `a-z`, `0-9` and single `-`, with a letter in it. */
export function portName(name: string): string {
  const isLegal = name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
  return isLegal ? name : withSuffix(name, 15, 'p');
}

/** A label's value (at most 63 characters) for any name: unchanged where it is legal, which most of ECS's are. */
export function labelValue(name: string): string {
  if (name.length <= 63 && /^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/.test(name)) return name;
  return withSuffix(name, 63, 'v');
}

function withSuffix(name: string, length: number, instead: string): string {
  const hash = fingerprint(name).slice(-suffixLength).padStart(suffixLength, '0');
  const stem = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, length - suffixLength - 1)
    .replace(/-+$/, '');
  // A port's name must hold a letter, and neither the stem nor the hash need have one.
  const named = /[a-z]/.test(stem) ? stem : `${instead}${stem}`.slice(0, length - suffixLength - 1).replace(/-+$/, '');
  return `${named}-${hash}`;
}

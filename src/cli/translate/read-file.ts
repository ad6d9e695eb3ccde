import {open} from 'node:fs/promises';
import {type Values, yamlValues} from '../yaml-values.ts';
import {isTerraform, terraform} from './foreign.ts';

/** ECS takes 64 KiB for a definition, Kubernetes about 1.5 MB for an object. */
const mostBytes = 4 * 1024 * 1024;

/** The documents of a file or (`-`) of standard input, or why there are none. Never throws for what a file may be. */
export async function valuesOf(file: string, input: () => Promise<string>): Promise<Values> {
  const where = file === '-' ? 'stdin' : file;
  const failed = (message: string): Values => ({values: [], faults: [{where, message}]});
  const text = file === '-' ? await input() : await textOf(file);
  if (typeof text !== 'string') return failed(text.why);
  if (text.length > mostBytes) return failed(tooLong(text.length));
  if (text.trim() === '') return failed('is empty');
  const json = jsonValue(where, text);
  if (json === undefined && isTerraform(text)) return failed(terraform);
  const values = json ?? readable(yamlValues(where, text), where);
  return values.values.length + values.faults.length === 0 ? failed('is empty') : values;
}

/** Much faster than YAML. What is not quite JSON (a comma too many) is left to YAML, which says where it is wrong. */
function jsonValue(where: string, text: string): Values | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return {values: [{where, value: JSON.parse(text) as unknown}], faults: []};
  } catch {
    return undefined;
  }
}

/** Any text at all is YAML, as one string: what is no object says nothing about its line. */
function readable({values, faults}: Values, where: string): Values {
  const [fault] = faults;
  if (fault !== undefined && !values.some(({value}) => typeof value === 'object')) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    return {values: [], faults: [{where: fault.where, message: `is neither JSON nor YAML: ${fault.message}${more}`}]};
  }
  const only = values.length === 1 ? values[0] : undefined;
  // A line number for the only document of a file says nothing.
  return only === undefined ? {values, faults} : {values: [{...only, where}], faults};
}

async function textOf(file: string): Promise<string | {readonly why: string}> {
  try {
    await using handle = await open(file);
    const found = await handle.stat();
    if (found.isDirectory()) return {why: `is a folder: name the files in it (${file.replace(/\/+$/, '')}/*.json)`};
    if (found.size > mostBytes) return {why: tooLong(found.size)};
    return decoded(await handle.readFile());
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    return {why: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`};
  }
}

/** UTF-8; or UTF-16, which `>` of Windows PowerShell writes. */
function decoded(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}

function tooLong(bytes: number): string {
  return `is too long: ${(bytes / 1024 / 1024).toFixed(1)} MiB. ECS takes 64 KiB for a task definition, and at most 4 MiB are read`;
}

import {existsSync} from 'node:fs';
import type {Readers} from './operation.ts';

/** The readers that there are in this version. */
export async function readersThatExist(): Promise<Readers> {
  return {...(await moduleOf('translate-task.ts')), ...(await moduleOf('deployment-settings.ts'))};
}

async function moduleOf(file: string): Promise<Readers> {
  const url = new URL(`../../translate/${file}`, import.meta.url);
  return existsSync(url) ? ((await import(url.href)) as Readers) : {};
}

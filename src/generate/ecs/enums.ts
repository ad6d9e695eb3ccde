import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {EnumOf} from './shape.ts';

/** Where the SDK declares the types of ECS, from the root of the checkout. */
export const typesOfEcs = 'node_modules/@aws-sdk/client-ecs/dist-types/models';

/**
 * Which members are enums: the SDK's schemas know them as strings, so their names come from its type declarations and their
 * values from the module.
 */
export async function enumsOf(module: Readonly<Record<string, unknown>>, declarations: string): Promise<EnumOf> {
  const files = (await readdir(declarations)).filter((file) => /^models_\d+\.d\.ts$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(declarations, file), 'utf8')));
  const types = new Map(texts.flatMap(membersIn));
  return (structure, member) => {
    const values = module[types.get(`${structure}.${member}`) ?? ''];
    return typeof values === 'object' && values !== null && !Array.isArray(values)
      ? Object.values(values as Record<string, string>)
      : undefined;
  };
}

/** `Structure.member` and the name of its type, of every interface in a text. */
function membersIn(text: string): readonly (readonly [string, string])[] {
  const interfaces = text.matchAll(/^export interface (\w+)(?: extends [^{]+)? \{\n([\s\S]*?)^\}/gm);
  return [...interfaces].flatMap(([, name = '', body = '']) =>
    [...body.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])? \| undefined;$/gm)].map(
      ([, member = '', type = '']) => [`${name}.${member}`, type] as const,
    ),
  );
}

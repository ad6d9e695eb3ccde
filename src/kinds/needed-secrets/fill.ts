import type {Secret} from '../../schema/secret.ts';
import type {NeededSecret, NeededValue} from '../../translate/needs.ts';
import {type Contents, type Got, memberOf, pullSecretOf, variablesOf} from './contents.ts';
import {keyOf} from './source-key.ts';
import type {Problem} from './observed.ts';

type Filled = {readonly got: Contents} | {readonly problems: readonly Problem[]};

/** What a Secret is to hold, from the values that were read; or everything that is missing for it. */
export function contentsOf(need: NeededSecret, values: ReadonlyMap<string, Got<Secret>>, arnOf: (value: NeededValue) => string): Filled {
  const read = <T>(value: NeededValue, take: (held: Secret) => Got<T>): Got<T> => {
    const held = values.get(keyOf(value.source)) ?? {problem: 'it was not read'};
    return 'got' in held ? take(held.got) : held;
  };
  if (need.is === 'registry')
    return joined([[need.value, read(need.value, (held) => pullSecretOf(held, need.host))]], arnOf, ([one]) => one);
  if (need.is === 'files') {
    // The first file that has a name counts, so it is put in last.
    return joined(
      need.files.map((file) => [file, read(file, variablesOf)]),
      arnOf,
      (files) => opaque(files.toReversed()),
    );
  }
  const named = Object.entries(need.values).map(([key, value]) => {
    const got = read(value, (held) => part(held, value));
    return [value, 'got' in got ? {got: {[key]: got.got}} : got] as const;
  });
  return joined(named, arnOf, opaque);
}

function joined<T>(
  parts: readonly (readonly [NeededValue, Got<T>])[],
  arnOf: (value: NeededValue) => string,
  join: (got: readonly T[]) => Contents | undefined,
): Filled {
  const problems = parts.flatMap(([value, result]): readonly Problem[] => {
    if ('got' in result) return [];
    const message = `${value.path} (${value.what}): ${arnOf(value)}: ${result.problem}.`;
    return [{reason: 'SecretUnresolved', message}];
  });
  const contents = join(parts.flatMap(([, result]) => ('got' in result ? [result.got] : [])));
  return problems.length > 0 || contents === undefined ? {problems} : {got: contents};
}

function part(held: Secret, {source}: NeededValue): Got<Secret> {
  return source.is === 'SecretsManager' && source.jsonKey !== undefined ? memberOf(held, source.jsonKey) : {got: held};
}

function opaque(parts: readonly Readonly<Record<string, Secret>>[]): Contents {
  return {type: 'Opaque', values: Object.fromEntries(parts.flatMap((part) => Object.entries(part)))};
}

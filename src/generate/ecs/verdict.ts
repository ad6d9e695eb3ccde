import type {Effect, Measured} from './measure.ts';

/** What becomes of a field as a whole. `in part`: it depends on the value. `lost`: nobody reads it and no note names it. */
export type Verdict = 'carried' | 'approximated' | 'ignored' | 'refused' | 'in part' | 'lost';

export const verdicts: readonly Verdict[] = ['carried', 'approximated', 'in part', 'ignored', 'refused', 'lost'];

/** Fields that nothing is made of, because whoever calls the translator reads them; and what for. */
export const readOutside: Readonly<Record<string, string>> = {
  'service.taskDefinition': 'decides which revision of which family is translated',
  'runTask.taskDefinition': 'decides which revision of which family is translated',
};

type Value = Measured['effects'][number];

export function verdictOf({leaf, effects}: Measured): Verdict {
  const [one, ...more] = new Set(effects.filter(({is}) => is !== 'same').map(kindOf));
  if (one === undefined) return readOutside[leaf.pattern] === undefined ? 'lost' : 'carried';
  return more.length === 0 ? one : 'in part';
}

/** A field that only decides what is refused is carried: it has no other effect in ECS either. */
function kindOf({is}: Value): Exclude<Verdict, 'in part' | 'lost'> {
  return is === 'checked' || is === 'same' ? 'carried' : is;
}

/** The reasons, and for which values. */
export function detailOf(measured: Measured): string {
  const groups = Map.groupBy(
    measured.effects.filter(({is}) => is !== 'same'),
    groupOf,
  );
  if (groups.size === 0) return readOutside[measured.leaf.pattern] ?? '';
  const isPlain = groups.size === 1 && !measured.effects.some(({is}) => is === 'checked');
  return [...groups]
    .map(([group, values]) => (isPlain ? reasonOf(group) : `${valuesText(values)}: ${group}`))
    .filter((text) => text !== '')
    .join('; ');
}

function groupOf(effect: Effect): string {
  if (effect.is === 'checked') return `checked (\`${effect.reason}\`)`;
  return 'reason' in effect ? `${effect.is} (\`${effect.reason}\`)` : effect.is;
}

function reasonOf(group: string): string {
  return /`\w+`/.exec(group)?.[0] ?? '';
}

const mostValues = 4;

function valuesText(values: readonly Value[]): string {
  const texts = [...new Set(values.map(({value}) => `\`${shortened(typeof value === 'string' ? value : JSON.stringify(value))}\``))];
  return texts.length > mostValues
    ? `${texts.slice(0, mostValues - 1).join(', ')} and ${texts.length - mostValues + 1} more`
    : texts.join(', ');
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 30)}...` : text;
}

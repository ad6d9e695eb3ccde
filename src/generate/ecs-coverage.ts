import type {Operation} from './ecs/operation.ts';
import {detailOf, verdictOf, verdicts} from './ecs/verdict.ts';
import {marker} from './text.ts';

/** Each field that ECS takes, and what becomes of it. Throws where nobody reads a field and no note names it. */
export function ecsCoverage(operations: readonly Operation[]): string {
  const shown = verdicts.filter((verdict) => verdict !== 'lost');
  return [
    `<!-- ${marker} -->`,
    '# What of ECS is covered',
    '',
    'Every field that the AWS SDK knows, and what becomes of it. This page is measured, not written: for each field a small definition',
    'is translated with it, without it, and with each of its values, and the results are compared. `drayage translate` shows the same for',
    'your own files ([docs/cli.md](cli.md#drayage-translate)), with a message for each note.',
    '',
    '- *carried*: it has the effect that it has in ECS.',
    '- *approximated*: it has an effect, but not quite the one that it has in ECS; the note says what differs.',
    '- *in part*: it depends on the value.',
    '- *ignored*: it has no effect here; the note says what has instead.',
    '- *refused*: nothing is made while the field is there. (*checked*: this value only asks more of other fields, as in ECS.)',
    '',
    `| | fields | ${shown.join(' | ')} |`,
    `| --- |${' --- |'.repeat(shown.length + 1)}`,
    ...operations.map(({name, measured}) => {
      const all = measured.map(verdictOf);
      return `| ${name} | ${all.length} | ${shown.map((verdict) => all.filter((one) => one === verdict).length).join(' | ')} |`;
    }),
    ...operations.flatMap(section),
    '',
  ].join('\n');
}

function section({name, measured}: Operation): readonly string[] {
  const rows = measured.map((one) => {
    const verdict = verdictOf(one);
    if (verdict === 'lost') throw new TypeError(`${name}: ${one.leaf.pattern} is neither used nor noted`);
    return `| \`${one.leaf.pattern}\` | ${verdict} | ${detailOf(one)} |`;
  });
  return ['', `## ${name}`, '', '| Field | | Note, by value |', '| --- | --- | --- |', ...rows];
}

import type {Theme} from './behaviour.ts';
import type {Row, Verdict} from './verdict.ts';

export const pageFile = 'docs/ecs-conformance.md';

/** The page of what was measured, by behaviour. */
export function pageOf(themes: readonly Theme[], rows: ReadonlyMap<string, Row>, kubernetes: string): string {
  const counted = (verdict: Verdict): number => [...rows.values()].filter((row) => row.verdict === verdict).length;
  const sections = themes.map(({title, behaviours}) => {
    const lines = behaviours.map((behaviour) => {
      const {here, verdict, why} = rows.get(behaviour.id) ?? {here: '', verdict: 'different', why: 'not measured'};
      const ecs = `${behaviour.ecs.does} ([AWS](${behaviour.ecs.url}))`;
      return `| ${[behaviour.title, ecs, here, verdict, why].map(cell).join(' | ')} |`;
    });
    return [`## ${title}`, '', '| behaviour | in ECS | here | verdict | note |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
  });
  return `${intro(rows.size, counted, kubernetes)}\n\n${sections.join('\n\n')}\n`;
}

/** The verdict and the note of each behaviour on a page, by its title. */
export function verdictsOn(page: string): ReadonlyMap<string, Pick<Row, 'verdict' | 'why'>> {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
  return new Map(rows.map(([title = '', , , verdict = '', why = '']) => [title, {verdict: verdict as Verdict, why: why.trim()}]));
}

/** How a title is written on the page. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function intro(total: number, counted: (verdict: Verdict) => number, kubernetes: string): string {
  return `# ECS's behaviour, measured

<!-- Written by test/e2e/ecs-conformance.test.ts with DRAYAGE_WRITE_CONFORMANCE=1. Not to be edited. -->

What ECS does, and what happens to the same task definition here. Each line is a task definition in [\`test/conformance\`](../test/conformance) that
is applied to a real node (kubelet, containerd, runc; Kubernetes ${kubernetes}) through the operator; *here* is what was then seen in its pods, and in the status of a Task where it is run by itself. The test fails where a verdict
is no longer what this page says.

${total} behaviours: ${counted('same')} are the same, ${counted('approximate')} approximate, ${counted('different')} different.

- *same*: what was seen is what AWS documents.
- *approximate*, *different*: it is not, and \`status.notes\` of the TaskDefinition, the Service or the Task says so: at level \`approximated\`, or \`ignored\` or \`refused\`. The last column has the reason of the note; words there say why no note can stand for it.`;
}

import type {Answer, ShownNote} from './answer.ts';

const gap = '  ';
/** With less room than this a message stands below its row. */
const narrowest = 40;
const order: readonly ShownNote['level'][] = ['refused', 'approximated', 'ignored', 'needed'];

/**
 * The notes of each definition under its file, in columns that are aligned over all of them; what is refused comes first.
 * Without `columns` (a pipe) each note is one line; with it the messages are wrapped to the terminal.
 */
export function notesTable(answers: readonly Answer[], columns?: number): string {
  const noted = answers.filter(({notes}) => notes.length > 0);
  const head = ['PATH', 'LEVEL', 'REASON'] as const;
  const rows = noted.flatMap(({notes}) => notes.map(cellsOf));
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[], message: string): string => lineOf(cells, widths, message, columns);
  if (noted.length === 0) return '';
  return [
    line(head, 'MESSAGE'),
    ...noted.flatMap(({where, name, notes}) => [
      `${where}${name === undefined ? '' : ` (${name})`}\n`,
      ...order.flatMap((level) => notes.filter((note) => note.level === level).map((note) => line(cellsOf(note), note.message))),
    ]),
  ].join('');
}

function cellsOf({path, level, reason}: ShownNote): readonly string[] {
  return [path === '' ? '-' : path, level, reason];
}

function lineOf(cells: readonly string[], widths: readonly number[], message: string, columns: number | undefined): string {
  const start = gap + cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(gap) + gap;
  if (columns === undefined) return `${start}${message}\n`;
  const isBelow = columns - start.length < narrowest;
  const indent = isBelow ? gap.repeat(3) : ' '.repeat(start.length);
  const lines = wrapped(message, Math.max(narrowest, columns - indent.length));
  const first = isBelow ? `${gap}${cells.join(gap)}\n${indent}` : start;
  return `${first}${lines.join(`\n${indent}`)}\n`;
}

function wrapped(message: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of message.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

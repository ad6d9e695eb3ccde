import {posix} from 'node:path';
import {type Room, rooms} from './rooms.ts';

/** What in a source file breaks the rule of its room, each in one sentence. `path` starts at src/. */
export function violations(path: string, source: string): readonly string[] {
  const room = rooms.find(({files}) => files.test(path));
  if (!room) return [`${path}: no room in test/architecture/rooms.ts takes this file`];
  const code = withoutComments(source);
  return [
    ...importsOf(code)
      .map((found) => refusal(room, path, found))
      .filter((why) => why !== undefined),
    ...impurities(code)
      .filter((name) => room.pure || (name === 'process' && !readsProcess.test(path)))
      .map((name) => `names ${name}: take it as an argument`),
    ...(source.split('\n').length > 301 ? [`has ${source.split('\n').length - 1} lines, more than 300`] : []),
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.ts$/.test(posix.basename(path)) ? [] : ['is not named in kebab-case']),
    ...(/\b(?:utils?|helpers?|common|misc|shared)\b/.test(path) ? ['is named for nothing that it holds'] : []),
  ].map((why) => `${path} (${room.name}) ${why}`);
}

/** Whoever starts a program may read its arguments and environment; all others are handed what they need. */
const readsProcess = /^main\.ts$|^cli\/|^generate\/(?:generate|bundle)\.ts$/;

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(code: string): readonly Import[] {
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g);
  return [
    ...[...statements].map(([, type, from = '']) => ({from, typeOnly: type !== undefined})),
    ...[...calls].map(([, from = '']) => ({from, typeOnly: false})),
  ];
}

function refusal(room: Room, path: string, {from, typeOnly}: Import): string | undefined {
  if (!from.startsWith('.')) {
    const known = room.packages.some((name) => (name.endsWith('*') ? from.startsWith(name.slice(0, -1)) : from === name));
    return known ? undefined : `imports the package ${from}`;
  }
  const target = posix.join(posix.dirname(path), from);
  const [, own = ''] = room.files.exec(path) ?? [];
  const allowed = [...room.imports, ...(typeOnly ? (room.types ?? []) : [])];
  if (allowed.some((pattern) => new RegExp(`^${pattern.replace('$1', own)}`).test(target))) return undefined;
  return `imports ${target}${typeOnly ? ' (types)' : ''}`;
}

const impure = {
  'Date.now': /\bDate\s*\.\s*now\b/,
  'new Date()': /\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())/,
  'Math.random': /\bMath\s*\.\s*random\b/,
  performance: /\bperformance\s*\./,
  'randomness of node:crypto': /\brandom(?:UUID|Bytes|Int|FillSync|Fill)\b|\bgetRandomValues\b/,
  process: /(?<![\w.$'"-])process\b(?!\s*[:'"])/,
  fetch: /(?<![\w.$])fetch\s*\(/,
  timers: /(?<![\w.$])set(?:Timeout|Interval|Immediate)\b/,
};

function impurities(code: string): readonly string[] {
  const bare = code.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
  return Object.entries(impure)
    .filter(([, pattern]) => pattern.test(bare))
    .map(([name]) => name);
}

/** Comments away, so that a rule can be spoken of; strings stay, for imports are strings. */
function withoutComments(source: string): string {
  return source.replaceAll(/('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<![\w:)\]])\/\/[^\n]*/g, '$1');
}

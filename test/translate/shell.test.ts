import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import test from 'ava';
import type {ContainerDefinition} from '../../src/translate/ecs.ts';
import {hasShell, inShell, type Around} from '../../src/translate/shell.ts';

const shells = ['/bin/sh', '/bin/bash', '/bin/dash'].filter((shell) => existsSync(shell));

function started(shell: string, line: string, around: Around): ChildProcess {
  const {command = []} = inShell({name: 'one', image: 'one', command: [shell, '-c', line]}, around);
  const [file = '', ...rest] = command;
  return spawn(file, rest, {stdio: ['ignore', 'pipe', 'pipe']});
}

async function said(child: ChildProcess, what: RegExp): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (text += String(chunk)));
  for (let rounds = 0; !what.test(text) && rounds < 500; rounds += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  return text;
}

for (const shell of shells) {
  test(`${shell} stays after its command has ended, says how it ended, and goes when it is told to`, async (t) => {
    const child = started(shell, 'echo out; exit 7', {ending: 'KeepUp'});
    const text = await said(child, /goes on/);
    t.regex(text, /out\n/);
    t.regex(text, /ended with 7;/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    t.is(child.exitCode, null);
    child.kill('SIGTERM');
    await once(child, 'close');
    t.is(child.signalCode, null);
  });

  test(`${shell} hands SIGTERM to its command and waits for its end`, async (t) => {
    const child = started(shell, 'trap "echo told; sleep 0.3; echo done; exit 5" TERM; echo up; while :; do sleep 0.1; done', {
      ending: 'KeepUp',
    });
    await said(child, /up/);
    const done = said(child, /done/);
    child.kill('SIGTERM');
    t.regex(await done, /told\ndone/);
    if (child.exitCode === null) await once(child, 'close');
    t.is(child.exitCode, 5);
  });

  test(`${shell} makes any end of its command one with 0, where any will do`, async (t) => {
    const child = started(shell, 'exit 9', {ending: 'AlwaysZero'});
    await once(child, 'close');
    t.is(child.exitCode, 0);
  });

  test(`${shell} sets the soft limit of open files, and goes on where it may not`, async (t) => {
    t.regex(await said(started(shell, 'echo "[$(ulimit -S -n)]"', {openFiles: 77}), /\]/), /\[77\]/);
    const hard = 'ulimit -H -n 50; "$@"';
    const {command = []} = inShell({name: 'one', image: 'one', command: [shell, '-c', 'echo still here']}, {openFiles: 60_000});
    t.regex(await said(spawn(shell, ['-c', hard, 'sh', ...command], {stdio: ['ignore', 'pipe', 'pipe']}), /here/), /still here/);
  });
}

const one = {name: 'one', image: 'one'};
const cases: readonly (readonly [string, ContainerDefinition, boolean])[] = [
  ['a command that is a shell', {...one, command: ['sh', '-c', 'true']}, true],
  ['an entry point that is one', {...one, entryPoint: ['/bin/bash'], command: ['-c', 'true']}, true],
  ['an entry point, and a check by the shell', {...one, entryPoint: ['/app'], healthCheck: {command: ['CMD-SHELL', 'true']}}, true],
  [
    'a command for an entry point that only the image knows',
    {...one, command: ['serve'], healthCheck: {command: ['CMD-SHELL', 'true']}},
    false,
  ],
  ['nothing but an image', one, false],
  ['a shell that someone types into', {...one, command: ['sh'], interactive: true}, false],
  ['a program that is called almost like a shell', {...one, command: ['fish']}, false],
];
for (const [what, container, isKnown] of cases) {
  test(`${what}: ${isKnown ? 'a shell is known' : 'none is known'}`, (t) => t.is(hasShell(container), isKnown));
}

test('the entry point stays the entry point', (t) => {
  const {entryPoint, command} = inShell({...one, entryPoint: ['sh', 'run.sh'], command: ['now']}, {ending: 'AlwaysZero'});
  t.deepEqual(entryPoint?.slice(-3), ['sh', 'sh', 'run.sh']);
  t.deepEqual(command, ['now']);
});

import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {nodeNames} from './node-config.ts';

/** Everything of a cluster that is still on this machine, in words; looks by other means than the removal does. */
export function remainsOf(directory: string): readonly string[] {
  const {bridge, cgroup, network} = nodeNames(directory);
  return [
    ...(existsSync(directory) ? [`directory ${directory}`] : []),
    ...linesWith(execFileSync('ps', ['-axww', '-o', 'pid=,command='], {encoding: 'utf8'}), directory).map((line) => `process ${line}`),
    ...linesWith(readOr('/proc/self/mounts'), directory).map((line) => `mount ${line}`),
    ...linesWith(readOr('/proc/net/dev'), bridge).map((line) => `interface ${line}`),
    ...linesWith(output('find', ['/sys/fs/cgroup', '-maxdepth', '2', '-name', cgroup]), cgroup).map((line) => `cgroup ${line}`),
    ...linesWith(output('iptables-save', []), network).map((line) => `rule ${line}`),
  ];
}

function linesWith(text: string, word: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.includes(word))
    .map((line) => line.trim());
}

function readOr(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, {encoding: 'utf8'}).stdout ?? '';
}

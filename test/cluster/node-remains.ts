import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {removeCgroups} from './cgroups.ts';
import {nodeNames} from './node-config.ts';

/** Removes what a node leaves outside its directory once its processes are dead: cgroups, bridge, host port rules. */
export async function removeNode(directory: string): Promise<void> {
  if (!existsSync(path.join(directory, 'node'))) return;
  const {bridge, cgroup, network} = nodeNames(directory);
  await removeCgroups(cgroup);
  if (existsSync(`/sys/class/net/${bridge}`)) execFileSync('ip', ['link', 'delete', bridge], {stdio: 'pipe'});
  removeHostPorts(network);
}

/** The portmap plugin's rules, which it removes itself when a pod ends in peace. */
function removeHostPorts(network: string): void {
  const saved = spawnSync('iptables-save', ['-t', 'nat'], {encoding: 'utf8'});
  if (saved.status !== 0) return;
  const rules = saved.stdout.split('\n').filter((line) => line.startsWith('-A ') && line.includes(network));
  if (rules.length === 0) return;
  const chains = [...new Set(rules.flatMap((rule) => /-j (CNI-DN-\S+)/.exec(rule)?.[1] ?? []))];
  const script = [
    '*nat',
    ...rules.map((rule) => rule.replace(/^-A/, '-D')),
    ...chains.map((chain) => `-F ${chain}`),
    ...chains.map((chain) => `-X ${chain}`),
    'COMMIT',
    '',
  ];
  execFileSync('iptables-restore', ['--noflush'], {input: script.join('\n'), stdio: ['pipe', 'pipe', 'pipe']});
}

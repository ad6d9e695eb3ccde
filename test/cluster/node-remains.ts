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

/** The portmap plugin's rules, which it removes itself only when a pod ends in peace. */
function removeHostPorts(network: string): void {
  const before = natRules();
  const rules = before.filter((rule) => rule.includes(network));
  if (rules.length === 0) return;
  const chains = rules.flatMap((rule) => /-j (CNI-DN-\S+)/.exec(rule)?.[1] ?? []);
  restore([...rules.map(deletion), ...chains.map((chain) => `-F ${chain}`), ...chains.map((chain) => `-X ${chain}`)]);
  // The chains that all host ports share go with the last one. The plugin makes them when it misses them.
  const left = natRules();
  if (left.some((rule) => rule.includes('-j CNI-DN-'))) return;
  const shared = ['CNI-HOSTPORT-DNAT', 'CNI-HOSTPORT-MASQ', 'CNI-HOSTPORT-SETMARK'];
  const jumps = left.filter((rule) => shared.some((chain) => rule.endsWith(`-j ${chain}`)));
  restore([...jumps.map(deletion), ...shared.map((chain) => `-F ${chain}`), ...shared.map((chain) => `-X ${chain}`)]);
}

function natRules(): readonly string[] {
  const {status, stdout} = spawnSync('iptables-save', ['-t', 'nat'], {encoding: 'utf8'});
  return status === 0 ? stdout.split('\n').filter((line) => line.startsWith('-A ')) : [];
}

function deletion(rule: string): string {
  return rule.replace(/^-A/, '-D');
}

function restore(lines: readonly string[]): void {
  execFileSync('iptables-restore', ['--noflush'], {input: ['*nat', ...lines, 'COMMIT', ''].join('\n'), stdio: ['pipe', 'pipe', 'pipe']});
}

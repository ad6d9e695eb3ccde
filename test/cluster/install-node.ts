import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {missingNodePackages} from './real-node.ts';
import {staticBusybox} from './busybox.ts';

/**
 * Installs what a real node needs and this machine lacks, where that is ours to do: as root, on Debian or Ubuntu. Elsewhere it says on
 * standard error what to install, and what works without. Never throws: tests that need a node are skipped with the reason.
 */
export async function installNode(): Promise<void> {
  if (process.platform !== 'linux') return say(`no real node on ${process.platform}; pods will be simulated`);
  const missing = [...missingNodePackages(), ...((await staticBusybox()) === undefined ? ['busybox-static'] : [])];
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return say(`for a real node, install these (as root: ${command}); without them pods are simulated`);
  }
  say(`installing ${missing.join(' ')}`);
  if (apt('install', '-y', '--no-install-recommends', ...missing)) return;
  // The lists may be missing or old.
  if (apt('update') && apt('install', '-y', '--no-install-recommends', ...missing)) return;
  say(`${command} failed; pods will be simulated`);
}

function apt(...args: readonly string[]): boolean {
  const {status} = spawnSync('apt-get', ['-q', ...args], {
    stdio: ['ignore', 2, 2],
    env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
  });
  return status === 0;
}

function say(text: string): void {
  process.stderr.write(`node: ${text}\n`);
}

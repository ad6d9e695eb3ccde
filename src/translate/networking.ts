import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {isAddress, isHostname} from './hosts.ts';
import type {Report} from './note.ts';

/** `links` (siblings are on localhost here) and `extraHosts` as lines of /etc/hosts, one entry for each address. */
export function hostAliasesOf(task: TaskDefinition, report: Report): readonly {ip: string; hostnames: readonly string[]}[] {
  const aliases = new Map<string, Set<string>>();
  const add = (ip: string, hostname: string): unknown => aliases.set(ip, (aliases.get(ip) ?? new Set()).add(hostname));
  for (const [index, container] of task.containerDefinitions.entries()) {
    const path = at('containerDefinitions', index);
    linksOf(container, path, report).forEach((alias) => add('127.0.0.1', alias));
    for (const [which, {hostname, ipAddress}] of (container.extraHosts ?? []).entries()) {
      if (!isHostname(hostname) || !isAddress(ipAddress)) {
        const message = 'Kubernetes takes a DNS name in lower case and an IP address.';
        report({path: at(path, 'extraHosts', which), level: 'refused', reason: 'InvalidHost', message});
      } else add(ipAddress, hostname);
    }
  }
  return [...aliases].map(([ip, names]) => ({ip, hostnames: [...names]}));
}

function linksOf(container: ContainerDefinition, path: string, report: Report): readonly string[] {
  return (container.links ?? []).flatMap((link, which) => {
    const here = at(path, 'links', which);
    const [name = '', alias = name] = link.split(':');
    if (!isHostname(alias)) {
      const message = `${alias} is no DNS name in lower case; give the link an alias that is (name:alias).`;
      report({path: here, level: 'refused', reason: 'InvalidHost', message});
      return [];
    }
    const message = `${alias} leads to localhost, which the containers share; the variables that Docker sets for a link are missing.`;
    report({path: here, level: 'approximated', reason: 'LinksFlattened', message});
    return [alias];
  });
}

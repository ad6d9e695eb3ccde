import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {isAddress, isHostname} from './hosts.ts';
import {networkModeOf} from './network-mode.ts';
import type {Report} from './note.ts';
import {podWide} from './pod-wide.ts';

type Json = Readonly<Record<string, unknown>>;

/** `hostname`, `dnsServers` and `dnsSearchDomains`: the name of the pod, and what is in its /etc/resolv.conf. */
export function hostSettingsOf(task: TaskDefinition, report: Report): Json {
  const hostname = podWide(task, 'hostname', ({hostname: own}) => own, report);
  return {...(hostname === undefined ? {} : named(hostname, task, report)), ...dnsOf(task, report)};
}

function named(hostname: string, task: TaskDefinition, report: Report): Json {
  const path = at(
    'containerDefinitions',
    task.containerDefinitions.findIndex((one) => one.hostname !== undefined),
    'hostname',
  );
  if (networkModeOf(task) === 'host') {
    report({path, level: 'ignored', reason: 'HostnameIgnored', message: 'On the network of the host the name is that of the node.'});
    return {};
  }
  const [label = '', ...domain] = hostname.split('.');
  if (!isHostname(hostname) || label.length > 63) {
    const message = 'Kubernetes takes a DNS name in lower case; the first part has at most 63 characters.';
    report({path, level: 'refused', reason: 'InvalidHost', message});
    return {};
  }
  if (domain.length > 0) {
    const message = `The host is called ${label}; the domain behind it is left out.`;
    report({path, level: 'approximated', reason: 'DomainOfHostnameIgnored', message});
  }
  return {hostname: label};
}

// What the API server takes.
const mostServers = 3;
const mostDomains = 32;

function dnsOf(task: TaskDefinition, report: Report): Json {
  const refuse = (field: string, message: string): void => {
    const index = task.containerDefinitions.findIndex((one) => one[field] !== undefined);
    report({path: at('containerDefinitions', index, field), level: 'refused', reason: 'InvalidDns', message});
  };
  const note = (field: string, reason: string, message: string): void => {
    const index = task.containerDefinitions.findIndex((one) => one[field] !== undefined);
    report({path: at('containerDefinitions', index, field), level: 'approximated', reason, message});
  };
  const nameservers = podWide(task, 'dnsServers', ({dnsServers}) => listed(dnsServers), report);
  const searches = podWide(task, 'dnsSearchDomains', ({dnsSearchDomains}) => listed(dnsSearchDomains), report);
  if (nameservers === undefined && searches === undefined) return {};
  if (nameservers !== undefined && (nameservers.length > mostServers || !nameservers.every(isAddress))) {
    refuse('dnsServers', `Kubernetes takes at most ${mostServers} name servers, each an IP address.`);
  }
  if (searches !== undefined && (searches.length > mostDomains || !searches.every(isHostname))) {
    refuse('dnsSearchDomains', `Kubernetes takes at most ${mostDomains} search domains in lower case.`);
  }
  if (nameservers === undefined) {
    note('dnsSearchDomains', 'SearchDomainsAdded', "They come after the cluster's own search domains; in ECS they would be the only ones.");
  } else {
    note('dnsServers', 'ClusterDnsReplaced', 'Names of Kubernetes Services are not found through these name servers.');
  }
  return {
    ...(nameservers === undefined ? {} : {dnsPolicy: 'None'}),
    dnsConfig: {...(nameservers === undefined ? {} : {nameservers}), ...(searches === undefined ? {} : {searches})},
  };
}

function listed(values: readonly string[] | undefined): readonly string[] | undefined {
  return values === undefined ? undefined : [...new Set(values)];
}

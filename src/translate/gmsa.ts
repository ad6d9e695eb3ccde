import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

/**
 * `credentialSpecs` and `dockerSecurityOptions: credentialspec:…` of a Windows container: the name of a GMSACredentialSpec of the
 * cluster, which is called as the file is.
 */
export function windowsSecurity(
  container: ContainerDefinition,
  path: string,
  report: Report,
): {readonly windowsOptions?: {gmsaCredentialSpecName: string}} {
  const specs = [
    ...(container.credentialSpecs ?? []).map((spec, index) => ({spec, where: at(path, 'credentialSpecs', index)})),
    ...(container.dockerSecurityOptions ?? []).map((spec, index) => ({spec, where: at(path, 'dockerSecurityOptions', index)})),
  ];
  let name: string | undefined;
  for (const {spec, where} of specs) {
    const found = nameOf(spec);
    if (found === undefined || name !== undefined) {
      const message =
        name === undefined
          ? 'Windows containers take credentialspec: only, with a file whose name is a DNS name in lower case; remove it to go on without.'
          : 'A container has one credential spec; remove this one.';
      report({path: where, level: 'refused', reason: 'GmsaUnsupported', message});
      continue;
    }
    name = found;
    const message = `The cluster must have a GMSACredentialSpec called ${found}, and the namespace's ServiceAccount the right to use it.`;
    report({path: where, level: 'approximated', reason: 'GmsaFromCluster', message});
  }
  return name === undefined ? {} : {windowsOptions: {gmsaCredentialSpecName: name}};
}

function nameOf(spec: string): string | undefined {
  const [, file = ''] = /^credentialspec(?:domainless)?:(.+)$/.exec(spec) ?? [];
  const [last = ''] = file.split(/[/\\:]/).slice(-1);
  const name = last.replace(/\.json$/i, '');
  return name.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(name) ? name : undefined;
}

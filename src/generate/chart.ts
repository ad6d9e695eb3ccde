import type {Kind} from '../kinds/kind.ts';
import type {CustomResourceDefinition} from '../schema/crd.ts';
import {clusterTypes} from '../schema/workload-types.ts';
import {operatorRules, peopleRules, type PolicyRule} from './rbac.ts';
import {marker, templateText, yamlText} from './text.ts';

const header = `{{- /* ${marker} */ -}}\n`;
const fullname = '{{ include "drayage.fullname" . }}';

/** A CRD as a template of the chart: there with `crds.enabled`, and left behind by `helm uninstall` with `crds.keep`. */
export function crdTemplate({apiVersion, kind, metadata, spec}: CustomResourceDefinition): string {
  return `${header}{{- if .Values.crds.enabled }}
apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${metadata.name}
  labels:
    {{- include "drayage.labels" . | nindent 4 }}
  {{- if .Values.crds.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
${templateText(yamlText({spec}))}{{- end }}
`;
}

/** The operator's own ClusterRole. What volumes take that are in no namespace is there with `rbac.volumes`. */
export function clusterRoleTemplate(kinds: readonly Kind[]): string {
  const rules = operatorRules(kinds);
  const volumes = rulesFor(rules, (resource) => volumeResources.has(resource));
  const others = rulesFor(rules, (resource) => !volumeResources.has(resource));
  const withVolumes = volumes.length === 0 ? '' : `{{- if .Values.rbac.volumes }}\n${listText(volumes)}{{- end }}\n`;
  return `${header}${role(fullname, undefined, others)}${withVolumes}`;
}

const volumeResources: ReadonlySet<string> = new Set(clusterTypes.map(({plural}) => plural));

function rulesFor(rules: readonly PolicyRule[], isMeant: (resource: string) => boolean): readonly PolicyRule[] {
  return rules.map((rule) => ({...rule, resources: rule.resources.filter(isMeant)})).filter(({resources}) => resources.length > 0);
}

/** Rules without the key before them, to be added to others. */
function listText(rules: readonly PolicyRule[]): string {
  return templateText(yamlText({rules})).replace(/^rules:\n/, '');
}

/** What people with Kubernetes' view, edit and admin roles may do with the kinds. */
export function aggregateTemplate(kinds: readonly Kind[]): string {
  const {view, edit} = peopleRules(kinds);
  return `${header}{{- if .Values.rbac.aggregate }}
${role(`${fullname}-view`, 'view', view)}---
${role(`${fullname}-edit`, 'edit', edit)}{{- end }}
`;
}

/** Kubernetes' own edit contains its view, and admin its edit: one label is enough. */
function role(name: string, aggregateTo: 'view' | 'edit' | undefined, rules: readonly PolicyRule[]): string {
  const label = aggregateTo ? `\n    rbac.authorization.k8s.io/aggregate-to-${aggregateTo}: "true"` : '';
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${name}
  labels:
    {{- include "drayage.labels" . | nindent 4 }}${label}
${templateText(yamlText({rules}))}`;
}

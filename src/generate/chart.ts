import type {Kind} from '../kinds/kind.ts';
import type {CustomResourceDefinition} from '../schema/crd.ts';
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

/** The operator's own ClusterRole. */
export function clusterRoleTemplate(kinds: readonly Kind[]): string {
  return `${header}${role(fullname, undefined, operatorRules(kinds))}`;
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

{{- define "drayage.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "drayage.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "drayage.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "drayage.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "drayage.selectorLabels" -}}
app.kubernetes.io/name: {{ include "drayage.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "drayage.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "drayage.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "drayage.serviceAccountName" -}}
{{- default (ternary (include "drayage.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "drayage.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository $tag }}
{{- end }}
{{- end }}

{{- /* CEL: `&& …`, whether a label selector matches. Both are expressions; `selector` must be there. */ -}}
{{- define "drayage.selectorMatches" -}}
&& {{ .selector }}.?matchLabels.orValue({}).all(key, value, {{ .labels }}[?key] == optional.of(value))
&& {{ .selector }}.?matchExpressions.orValue([]).all(each,
  each.operator == 'In' ? each.key in {{ .labels }} && {{ .labels }}[each.key] in each.values
  : each.operator == 'NotIn' ? !(each.key in {{ .labels }} && {{ .labels }}[each.key] in each.values)
  : each.operator == 'Exists' ? each.key in {{ .labels }}
  : !(each.key in {{ .labels }}))
{{- end }}

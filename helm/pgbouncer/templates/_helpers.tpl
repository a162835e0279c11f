{{- define "pgbouncer.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: pooler
{{- end }}

{{- define "pgbouncer.labels" -}}
{{ include "pgbouncer.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "pgbouncer.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Secret with the password of the login, called after its version: pods of one configuration have one password. */}}
{{- define "pgbouncer.secretName" -}}
{{ .Release.Name }}-login-{{ .Values.login.secret.version }}
{{- end }}

{{/* A value of pgbouncer.ini in quotes: 'it''s'. */}}
{{- define "pgbouncer.quote" -}}
'{{ . | replace "'" "''" }}'
{{- end }}

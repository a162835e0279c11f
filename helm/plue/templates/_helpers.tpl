{{/* Labels of every object. Pods carry the selector only, so that a new chart version alone restarts nothing. */}}
{{- define "plue.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: plue
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
environment: {{ .Values.environment }}
{{- end }}

{{/* What a component's pods are selected by: (dict "root" $ "component" "api"). A change means new Deployments. */}}
{{- define "plue.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* By digest where there is one. */}}
{{- define "plue.image" -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag }}{{ end }}
{{- end }}

{{/*
The Kubernetes Secret, called after what is in it: pods of another version have another name to wait for, and never start
with the values of the one before. External-secrets removes the old one.
*/}}
{{- define "plue.secretName" -}}
plue-secrets-{{ toJson .Values.secrets | sha256sum | trunc 8 }}
{{- end }}

{{/* The version of a secret, as (dict "root" $ "secret" id). Never the latest: a new one would reach pods one by one. */}}
{{- define "plue.secretVersion" -}}
{{- $version := get .root.Values.secrets.versions .secret | required (printf "secrets.versions has no version of %s" .secret) -}}
{{ $version | int | quote }}
{{- end }}

{{/* Pod security "restricted", in every pod here. */}}
{{- define "plue.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "plue.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Seconds in which a load balancer learns that a pod is to go, and stops sending it requests. */}}
{{- define "plue.deregisterSeconds" -}}15{{- end }}

{{/* The API, as the UI calls it. */}}
{{- define "plue.apiUrl" -}}
http://zig-api.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
{{- end }}

{{/* What the API has for runners, on a port of its own: code in a sandbox reaches that, and not what users have. */}}
{{- define "plue.internalUrl" -}}
http://zig-api.{{ .Release.Namespace }}.svc:{{ .Values.service.internalPort }}/internal
{{- end }}

{{/* No password: the proxy logs in as the pod's Google service account. */}}
{{- define "plue.databaseUrl" -}}
postgresql://{{ .Values.database.user | urlquery }}@127.0.0.1:5432/{{ .Values.database.name }}?sslmode=disable
{{- end }}

{{/*
The database on 127.0.0.1:5432, as a native sidecar: up before the containers start and until after they have stopped;
a job with it ends. It has no readiness probe, as its makers advise: that the database is down is for the API to say.
*/}}
{{- define "plue.cloudSqlProxy" -}}
- name: cloud-sql-proxy
  image: {{ .Values.cloudSqlProxy.image }}
  imagePullPolicy: IfNotPresent
  restartPolicy: Always
  args:
    - --private-ip
    - --auto-iam-authn
    - --structured-logs
    - --health-check
    - --http-address=0.0.0.0
    - --http-port=9090
    # On the pod's own loopback alone, where port-forward comes out too.
    - --address=127.0.0.1
    - --port=5432
    - {{ .Values.database.instanceConnectionName }}
  ports:
    - {name: proxy-health, containerPort: 9090}
  startupProbe:
    httpGet: {path: /startup, port: 9090}
    periodSeconds: 2
    failureThreshold: 30
  livenessProbe:
    httpGet: {path: /liveness, port: 9090}
    periodSeconds: 30
    timeoutSeconds: 5
  securityContext:
    {{- include "plue.containerSecurity" . | nindent 4 }}
  resources:
    {{- toYaml .Values.cloudSqlProxy.resources | nindent 4 }}
{{- end }}

{{/* What every sandboxed pod has, as (dict "root" $ "env" … "resources" … "scratch" …). */}}
{{- define "plue.sandbox" -}}
# The runtime class brings the sandbox pool's node selector and toleration.
runtimeClassName: {{ .root.Values.runner.runtimeClassName }}
serviceAccountName: runner
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  {{- include "plue.podSecurity" .root | nindent 2 }}
containers:
  - name: runner
    image: {{ include "plue.image" .root.Values.runner.image }}
    imagePullPolicy: IfNotPresent
    env:
      {{- toYaml .env | nindent 6 }}
      - {name: HOME, value: /workspace}
    securityContext:
      {{- include "plue.containerSecurity" .root | nindent 6 }}
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      - {name: workspace, mountPath: /workspace}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 1Gi
  - name: workspace
    emptyDir:
      sizeLimit: {{ index .resources.limits "ephemeral-storage" }}
{{- end }}

{{/* Network policy rules: name resolution, by the cluster's DNS or the cache on the node. */}}
{{- define "plue.egressDns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchExpressions:
          - {key: k8s-app, operator: In, values: [kube-dns, node-local-dns]}
    - ipBlock:
        cidr: 169.254.20.10/32
  ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end }}

{{/* HTTPS to the internet: no private, shared or link-local address, so no other pod, service, node or metadata server. */}}
{{- define "plue.egressInternet" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: [10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
  ports:
    - {port: 443, protocol: TCP}
{{- end }}

{{/* What the proxy needs: names, Google's APIs, the metadata server (Workload Identity), and the database's own port. */}}
{{- define "plue.egressDatabase" -}}
{{ include "plue.egressDns" . }}
{{ include "plue.egressInternet" . }}
- to:
    - ipBlock:
        cidr: 169.254.169.254/32
  ports:
    - {port: 80, protocol: TCP}
- to:
    - ipBlock:
        cidr: {{ .Values.database.privateIp }}/32
  ports:
    - {port: 3307, protocol: TCP}
{{- end }}

{{- define "plue.egressControlPlane" -}}
- to:
    {{- range .Values.networkPolicy.controlPlaneRanges }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  ports:
    - {port: 443, protocol: TCP}
{{- end }}

{{/* One port of the API: (dict "root" $ "port" 4000). */}}
{{- define "plue.egressApi" -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "plue.selector" (dict "root" .root "component" "api") | nindent 10 }}
  ports:
    - {port: {{ .port }}, protocol: TCP}
{{- end }}

{{- define "plue.fromLoadBalancer" -}}
{{- range .Values.networkPolicy.loadBalancerRanges }}
- ipBlock:
    cidr: {{ . }}
{{- end }}
{{- end }}

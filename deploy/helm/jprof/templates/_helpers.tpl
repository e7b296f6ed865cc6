{{- define "jprof.labels" -}}
app.kubernetes.io/name: jprof
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* A shipped file, with the address of the runbooks put before their names. */ -}}
{{- define "jprof.file" -}}
{{- $text := .root.Files.Get (printf "files/%s" .name) | required (printf "the chart lacks files/%s: package it from a clone, where files leads to dashboards/generated" .name) -}}
{{- with .root.Values.runbooks -}}
{{- $base := trimSuffix "/" . -}}
{{- $text = regexReplaceAll "(\"url\": \"|runbook_url: )runbooks/" $text (printf "${1}%s/" $base) -}}
{{- end -}}
{{- $text -}}
{{- end }}

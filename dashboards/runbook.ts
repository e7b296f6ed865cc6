/** Where an alert's page is, from the folder of the documentation; `jprof dashboards --runbooks` puts an address before it. */
export function runbookOf(alertName: string): string {
  return `runbooks/${alertName}.md`;
}

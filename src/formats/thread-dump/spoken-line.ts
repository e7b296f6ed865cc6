/**
 * A line of a dump as `jstack` prints it, of one that came another way: blanks for tabs, indented by who quoted it, or from
 * `jhsdb jstack`, which has ` - a.B.c(int) @bci=3, line=17 (Interpreted frame)` for a frame.
 */
export function spokenLine(line: string): string {
  const text = line.trimEnd();
  const start = text.search(/\S/);
  if (start <= 0) return text.startsWith("Thread ") ? agentHeader(text) : text;
  const body = text.slice(start);
  if (body.startsWith("at ")) return `\t${body}`;
  if (body.startsWith("- ")) return agentFrame(body) ?? `\t${body}`;
  if (/^(?:java\.lang\.Thread\.State:|Carrying virtual |Mounted virtual |Locked ownable )/.test(body))
    return `   ${body}`;
  return body.startsWith('"') && body.includes(" tid=0x") ? body : text;
}

/** `Thread 4711: (state = BLOCKED)` of `jstack -F`; the state is the JVM's own and not Java's. */
function agentHeader(text: string): string {
  const id = /^Thread (\d{1,10}): \(state = [A-Z_]+\)$/.exec(text)?.[1];
  return id === undefined ? text : `"Thread ${id}" prio=5 tid=0x0 nid=${id} `;
}

function agentFrame(body: string): string | undefined {
  const parts = /^- ([^\s(]+)\([^)]*\) @bci=-?\d+(?:, line=(\d+))?.* frame(?:[;)].*)?$/.exec(body);
  if (!parts) return undefined;
  return `\tat ${parts[1]}(${parts[2] === undefined ? "Unknown Source" : `:${parts[2]}`})`;
}

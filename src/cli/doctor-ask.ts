import type { IdentifiedJvm } from "../jvm/identity.ts";
import { openLiveTarget } from "../jvm/live-target.ts";
import { type Check, found, passed } from "./doctor-check.ts";

const mostMillis = 20_000;

/** Asks a JVM for its version by attach: the proof that it can be asked, for which it may need a SIGQUIT first. */
export async function askVersion(jvm: IdentifiedJvm, procRoot: string): Promise<Check> {
  const target = openLiveTarget(
    { ...jvm, obstacles: [] },
    { procRoot, sysRoot: "/sys", policy: "observe", limits: {}, audit: () => undefined, openMBeans: undefined },
  );
  try {
    const startedAt = performance.now();
    const answer = await target.jcmd("VM.version", AbortSignal.timeout(mostMillis));
    const millis = (performance.now() - startedAt).toFixed(0);
    if (answer.ok) return passed("ask", `answered within ${millis} ms: ${answer.value.split("\n")[0]}`);
    return found("ask", "obstacle", {
      code: "attach-failed",
      detail: `${answer.reason} (after ${millis} ms)`,
      fix: "see what the JVM's output says, and whether another tool holds its attach listener",
    });
  } finally {
    target.close();
  }
}

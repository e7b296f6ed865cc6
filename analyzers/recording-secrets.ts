import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf } from "./judgement.ts";
import { argumentsIn } from "./recorded-jvm.ts";

/** Secrets that whoever gets the file will have: that they are there, never what they are. */
export const recordingSecrets: Analyzer<"recording"> = {
  name: "recording-secrets",
  description: "environment, properties and command lines in the recording that look like secrets, never their values",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const places = [
    {
      place: "environment variables",
      event: "jdk.InitialEnvironmentVariable",
      names: namesIn(recording, "jdk.InitialEnvironmentVariable"),
    },
    {
      place: "system properties",
      event: "jdk.InitialSystemProperty",
      names: namesIn(recording, "jdk.InitialSystemProperty"),
    },
    { place: "arguments of this JVM", event: "jdk.JVMInformation", names: argumentNames(recording) },
    { place: "command lines of other processes", event: "jdk.SystemProcess", names: processNames(recording) },
  ].filter(({ names }) => names.length > 0);
  if (places.length === 0) return [];
  const count = places.reduce((sum, { names }) => sum + names.length, 0);
  return [
    findingOf({
      rule: "recording/secrets",
      severity: "info",
      score: 45,
      title: `The recording seems to hold ${formatNumberOf(count, "secret")}, in ${places.map(({ place }) => place).join(", ")}: whoever gets the file has them`,
      impact: { value: count, unit: "count" },
      evidence: places.map(({ place, event, names }) => fact(place, names.slice(0, 10).join(", "), "text", event)),
      advice:
        "Treat the file as secret, or scrub it before sharing: jfr scrub --exclude-events InitialEnvironmentVariable,InitialSystemProperty,SystemProcess,JVMInformation in.jfr out.jfr (JDK 19 and later).",
    }),
  ];
}

/** Names that look like those of secrets, of entries that have a value at all. */
function namesIn(recording: RecordingEvidence, type: string): string[] {
  const events = eventsOf(recording, type);
  const names = rowsOf(events).flatMap((row) => {
    const name = events.text("key", row) ?? "";
    const value = events.text("value", row) ?? "";
    return value !== "" && looksSecret(name, value) ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/** Name of a property or flag, without what follows. */
function argumentNames({ jvm }: RecordingEvidence): string[] {
  const all = [...argumentsIn(jvm.jvmArguments), ...argumentsIn(jvm.javaArguments)];
  const names = all.flatMap((argument) => {
    const [name = "", ...value] = argument.split("=");
    return value.length > 0 && looksSecret(name, value.join("=")) ? [name.replace(/[^\w.:-].*$/, "…")] : [];
  });
  return [...new Set(names)].sort();
}

/** Not even names of other processes' arguments: they are not this program's to show. */
function processNames(recording: RecordingEvidence): string[] {
  const events = eventsOf(recording, "jdk.SystemProcess");
  const secret = rowsOf(events).filter((row) => looksSecret(events.text("commandLine", row) ?? "", ""));
  return secret.length === 0 ? [] : [formatNumberOf(secret.length, "process", "processes")];
}

const secretNames =
  /pass(word|phrase|wd)|passwd|secret|token|credential|private[-_.]?key|api[-_.]?key|access[-_.]?key|(^|[-_.])pwd([-_.]|$)/i;

/** Names of places, kinds and switches that have a secret's name in theirs. */
const harmless = /(file|path|dir|url|class|provider|type|length|size|timeout|enabled|algorithm|policy)$/i;

function looksSecret(name: string, value: string): boolean {
  if (/:\/\/[^/\s:@]+:[^/\s@]+@/.test(`${name} ${value}`)) return true;
  return secretNames.test(name) && !harmless.test(name) && !/^(true|false|\d{1,4})$/.test(value) && name !== "PWD";
}

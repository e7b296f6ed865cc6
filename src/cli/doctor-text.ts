import { formatNumberOf } from "../model/format-number.ts";
import type { Paint, Style } from "../reports/reporter.ts";
import { printable, wrap } from "../reports/wrapping.ts";
import type { Check } from "./doctor-check.ts";
import type { JvmDiagnosis } from "./doctor-jvm.ts";

const marks: Readonly<Record<Check["state"], { readonly mark: string; readonly style: Style }>> = {
  ok: { mark: "✔", style: "green" },
  obstacle: { mark: "✗", style: "red" },
  advice: { mark: "▲", style: "yellow" },
};

const nameWidth = 14;
const indent = 2 + 2 + nameWidth;

/** How much to show, and where. */
export interface DoctorTextOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Whether advice is shown, too; else it is counted. */
  readonly withAdvice: boolean;
}

/** The checks as lines for people, each obstacle with what to change. */
export function doctorText(
  host: readonly Check[],
  jvms: readonly JvmDiagnosis[],
  { width, paint, withAdvice }: DoctorTextOptions,
): string {
  const part = (title: string, checks: readonly Check[]) => {
    const shown = checks.filter(({ state }) => withAdvice || state !== "advice");
    return [paint("bold", title), ...shown.flatMap((check) => checkLines(check, width, paint))];
  };
  const parts = [
    [paint("bold", "here"), ...host.flatMap((check) => checkLines(check, width, paint))],
    ...jvms.map((jvm) => part(titleOf(jvm), jvm.checks)),
    [summaryOf(jvms), ...(withAdvice ? [] : adviceLines(jvms).map((line) => paint("dim", line)))],
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function adviceLines(jvms: readonly JvmDiagnosis[]): readonly string[] {
  const advised = jvms.filter(({ checks }) => checks.some(({ state }) => state === "advice"));
  const [first] = advised;
  return first ? [`for what would show more of one: jprof doctor ${first.identity.pid}`] : [];
}

function titleOf({ identity, kind }: JvmDiagnosis): string {
  const { pid, namespacePid, name, javaVersion, vmVendor, collector, uid } = identity;
  const facts = [
    ...(namespacePid === pid ? [] : [`process ${namespacePid} in its container`]),
    [vmVendor, javaVersion].filter((part) => part !== undefined).join(" ") || (kind === "hotspot" ? "HotSpot" : kind),
    ...(collector === undefined ? [] : [collector]),
    `uid ${uid}`,
  ];
  return printable(`${pid} ${name} · ${facts.join(" · ")}`);
}

function checkLines({ name, state, detail, fix }: Check, width: number, paint: Paint): readonly string[] {
  const { mark, style } = marks[state];
  const room = Math.max(width - indent, 20);
  const [first = "", ...rest] = wrap(printable(detail), room);
  const [firstFix = "", ...restFix] = fix === undefined ? [] : wrap(printable(fix), room - 4);
  const margin = " ".repeat(indent);
  return [
    `  ${paint(style, mark)} ${name.padEnd(nameWidth)}${first}`,
    ...rest.map((line) => `${margin}${line}`),
    ...(fix === undefined ? [] : [`${margin}do  ${firstFix}`, ...restFix.map((line) => `${margin}    ${line}`)]),
  ];
}

function summaryOf(jvms: readonly JvmDiagnosis[]): string {
  if (jvms.length === 0) return "no JVM is to be seen here";
  const unreachable = jvms.filter(({ isReachable }) => !isReachable).length;
  if (unreachable === 0) return `${formatNumberOf(jvms.length, "JVM")}, all within reach`;
  return `${formatNumberOf(jvms.length, "JVM")}, ${unreachable} out of reach`;
}

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type DiagnosticCommand, parseHelp } from "../../../src/formats/jcmd/help.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";

const listed = { description: undefined, impact: undefined, impactText: undefined, isDisabled: false };

describe("the help of diagnostic commands", () => {
  test("the list tells names, also of commands that are listed but disabled (drawn after JDK 8)", () => {
    const text = `4711:
The following commands are available:
VM.native_memory
ManagementAgent.stop [disabled]
GC.class_histogram
help

For more information about a specific command use 'help <command>'.
`;
    expect(parseHelp(text)).toEqual([
      { name: "VM.native_memory", ...listed },
      { name: "ManagementAgent.stop", ...listed, isDisabled: true },
      { name: "GC.class_histogram", ...listed },
      { name: "help", ...listed },
    ] satisfies DiagnosticCommand[]);
  });

  test("the long list tells descriptions (real, JDK 25)", () => {
    const text = `AOT.end_recording
\tEnd AOT recording.

Compiler.CodeHeap_Analytics
\tPrint CodeHeap analytics

`;
    expect(parseHelp(text)).toEqual([
      { ...listed, name: "AOT.end_recording", description: "End AOT recording." },
      { ...listed, name: "Compiler.CodeHeap_Analytics", description: "Print CodeHeap analytics" },
    ] satisfies DiagnosticCommand[]);
  });

  test("help of several commands in one reply tells the impact of each (real, JDK 17 and 25)", () => {
    const text = `GC.heap_dump
Generate a HPROF format dump of the Java heap.

Impact: High: Depends on Java heap size and content. Request a full GC unless the '-all' option is specified.

Permission: java.lang.management.ManagementPermission(monitor)

Syntax : GC.heap_dump [options] <filename>

Arguments:
\tfilename :  Name of the dump file (FILE, no default value)
System.dump_map
Dumps an annotated process memory map to an output file (linux, Windows and MacOS only).

Impact: Medium; can be high for very large java heaps.

Syntax : System.dump_map [options]
VM.version
Print JVM version information.

Impact: Low
`;
    expect(parseHelp(text).map(({ name, impact, impactText }) => ({ name, impact, impactText }))).toEqual([
      {
        name: "GC.heap_dump",
        impact: "high",
        impactText:
          "High: Depends on Java heap size and content. Request a full GC unless the '-all' option is specified.",
      },
      {
        name: "System.dump_map",
        impact: "medium",
        impactText: "Medium; can be high for very large java heaps.",
      },
      { name: "VM.version", impact: "low", impactText: "Low" },
    ]);
  });

  test("a reply that is cut off tells what is there; a strange level is no level", () => {
    expect(parseHelp("")).toEqual([]);
    expect(parseHelp("GC.ru")).toEqual([{ ...listed, name: "GC.ru" }]);
    expect(parseHelp("X.y\nDoes y.\n\nImpact: Huge")).toEqual([
      { ...listed, name: "X.y", description: "Does y.", impactText: "Huge" },
    ]);
  });

  test.skipIf(!hasCorpus)(`every command of JDK 17 and 25 has a description and an impact${noCorpus}`, () => {
    const commands = [17, 25].flatMap((major) =>
      parseHelp(readFileSync(corpusFile("jcmd", `help-all-jdk${major}.txt`), "utf8")),
    );
    expect(commands.length).toBe(48 + 57);
    expect(commands.filter(({ impact, description }) => impact === undefined || description === undefined)).toEqual([]);
    expect(commands.filter(({ impact }) => impact === "high").map(({ name }) => name)).toEqual([
      "GC.class_histogram",
      "GC.heap_dump",
      "JVMTI.data_dump",
      "GC.class_histogram",
      "GC.heap_dump",
      "JVMTI.data_dump",
    ]);
  });
});

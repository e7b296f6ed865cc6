import { describe, expect, test } from "vitest";
import { knownRule, ruleByImpact } from "../../../src/jvm/requests/command-rules.ts";
import { parseCommand } from "../../../src/jvm/requests/parsed-command.ts";

describe("what a command needs", () => {
  test.each([
    [
      "observe",
      ["VM.uptime", "VM.uptime -date", "help", "help GC.run", "VM.flags", "VM.native_memory summary scale=b"],
    ],
    [
      "observe",
      ["VM.native_memory", "VM.metaspace basic", "VM.metaspace basic scale=MB", "VM.log list", "VM.events log=GC"],
    ],
    [
      "diagnose",
      ["VM.flags -all", "VM.info", "VM.metaspace", "Thread.print", "Thread.print -l", "VM.native_memory detail"],
    ],
    [
      "diagnose",
      ["GC.class_histogram -all", "GC.class_histogram -parallel=2 -all", "GC.heap_info -x", "VM.classloader_stats"],
    ],
    [
      "diagnose",
      [
        "Thread.vthread_scheduler",
        "VM.system_properties",
        "JFR.check",
        "JFR.configure",
        "JFR.start name=x",
        "JFR.stop",
      ],
    ],
    [
      "intrude",
      ["GC.class_histogram", "GC.class_histogram -all=false", "GC.class_histogram -all -all=false", "GC.run"],
    ],
    [
      "intrude",
      [
        "GC.heap_dump -all /tmp/x",
        "VM.log what=gc",
        "VM.set_flag X 1",
        "JFR.configure stackdepth=256",
        "VM.native_memory baseline",
      ],
    ],
  ])("is %s: %j", (needs, commands) => {
    expect(commands.map((command) => [command, knownRule(parseCommand(command)!)?.needs])).toEqual(
      commands.map((command) => [command, needs]),
    );
  });

  test("is at least diagnose where only the JVM says that it has little impact, and intrude where its name says otherwise", () => {
    const unknown = (name: string) => ({ name, args: "", text: name });
    expect(ruleByImpact(unknown("VM.weather"), "low")).toMatchObject({ needs: "diagnose", stop: "delay" });
    expect(ruleByImpact(unknown("VM.weather"), "medium")).toMatchObject({ needs: "diagnose", stop: "classes" });
    expect(ruleByImpact(unknown("VM.weather"), "high").needs).toBe("intrude");
    expect(ruleByImpact(unknown("VM.weather"), undefined).needs).toBe("intrude");
    expect(ruleByImpact(unknown("VM.set_weather"), "low").needs).toBe("intrude");
    expect(ruleByImpact(unknown("Weather.start"), "low").needs).toBe("intrude");
    expect(ruleByImpact(unknown("VM.dataset_list"), "low").needs).toBe("diagnose");
  });
});

describe("a command", () => {
  test("is one word and its arguments on one line", () => {
    expect(parseCommand("  GC.class_histogram   -all ")).toEqual({
      name: "GC.class_histogram",
      args: "-all",
      text: "GC.class_histogram   -all",
    });
    for (const text of [
      "",
      " ",
      "#help",
      "VM.uptime\nGC.run",
      "VM.uptime\rGC.run",
      "VM.uptime\0",
      "VM.uptime\tx",
      "-x",
      "1",
      "é",
    ]) {
      expect(parseCommand(text)).toBeUndefined();
    }
  });
});

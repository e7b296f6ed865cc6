import { describe, expect, test } from "vitest";
import { collectorOfFlags, flagSwitch, flagValue } from "../../src/jvm/flag-values.ts";
import { majorOf, parseRelease } from "../../src/jvm/java-release.ts";
import { collectorOfThreads } from "../../src/jvm/thread-names.ts";

describe("flags", () => {
  test("of a switch or value that is given twice, the last one counts", () => {
    expect(flagSwitch(["-XX:+UsePerfData", "-XX:-UsePerfData"], "UsePerfData")).toBe(false);
    expect(flagSwitch([], "UsePerfData")).toBeUndefined();
    expect(flagValue(["-XX:NativeMemoryTracking=off", "-XX:NativeMemoryTracking=detail"], "NativeMemoryTracking")).toBe(
      "detail",
    );
  });

  test.each([
    [["-XX:+UseZGC"], 17, "ZGC", false],
    [["-XX:+UseZGC"], 21, "ZGC", false],
    [["-XX:+UseZGC", "-XX:+ZGenerational"], 21, "ZGC", true],
    [["-XX:+UseZGC"], 23, "ZGC", true],
    [["-XX:+UseZGC", "-XX:-ZGenerational"], 23, "ZGC", false],
    [["-XX:+UseZGC"], 25, "ZGC", true],
    [["-XX:+UseZGC"], undefined, "ZGC", undefined],
    [["-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational"], 25, "Shenandoah", true],
    [["-XX:+UseG1GC", "-XX:-UseG1GC", "-XX:+UseSerialGC"], 17, "Serial", undefined],
    [["-XX:+UseConcMarkSweepGC"], 8, "CMS", undefined],
    [["-Xmx1g"], 25, undefined, undefined],
  ])("%j of Java %s select %s, generational %s", (flags, major, collector, generational) => {
    expect(collectorOfFlags(flags, major)).toEqual({ collector, generational });
  });
});

describe("threads of a JVM", () => {
  test.each([
    [["java", "GC Thread#0", "G1 Main Marker", "VM Thread"], "G1"],
    [["java", "GC Thread#0", "VM Periodic Tas", "VM Thread"], "Parallel"],
    [["ZWorker#0", "ZDriver", "VM Thread"], "ZGC"],
    [["ZWorkerOld#0", "ZDriverMinor", "VM Thread"], "ZGC"],
    [["Shenandoah GC T", "VM Thread"], "Shenandoah"],
    [["java", "VM Thread"], undefined],
    [["java", "GC Thread#0", "G1 Main Marker"], undefined],
  ])("%j are those of %s", (names, collector) => {
    expect(collectorOfThreads(names).collector).toBe(collector);
  });

  test("those of ZGC tell whether it has generations", () => {
    expect(collectorOfThreads(["ZDriverMajor", "VM Thread"]).generational).toBe(true);
    expect(collectorOfThreads(["ZDriver", "VM Thread"]).generational).toBe(false);
  });
});

describe("the release of a Java home", () => {
  test("tells version, vendor and modules, where it has them", () => {
    expect(parseRelease('IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\nMODULES="java.base jdk.jfr"\n')).toEqual({
      version: "17.0.15",
      vendor: "Debian",
      modules: ["java.base", "jdk.jfr"],
    });
    expect(parseRelease('JAVA_VERSION="1.8.0_392"')).toEqual({ version: "1.8.0_392", vendor: undefined, modules: [] });
  });

  test.each([
    ["25.0.3", 25],
    ["25", 25],
    ["26-ea", 26],
    ["1.8.0_392", 8],
    ["9.0.4", 9],
    ["", undefined],
    ["x", undefined],
  ])("%j is of major %s", (version, major) => {
    expect(majorOf(version)).toBe(major);
  });
});

import { describe, expect, test } from "vitest";
import { refineIdentity } from "../../src/jvm/refine-identity.ts";
import type { PerfCounters, TargetIdentity } from "../../src/model/target.ts";

const seen: TargetIdentity = {
  pid: 1,
  namespacePid: 1,
  startTicks: 1,
  startedAtMillis: 0,
  uid: 0,
  gid: 0,
  name: "launcher",
  javaVersion: undefined,
  javaMajor: undefined,
  vmName: undefined,
  vmVendor: undefined,
  collector: undefined,
  generational: undefined,
  flags: [],
  containerId: undefined,
};

function countersOf(texts: Readonly<Record<string, string>>): PerfCounters {
  return { number: () => undefined, seconds: () => undefined, text: (name) => texts[name], names: Object.keys(texts) };
}

const texts = {
  "java.property.java.version": "1.8.0_392",
  "java.property.java.vm.name": "OpenJDK 64-Bit Server VM",
  "java.property.java.vm.vendor": "Debian",
  "sun.rt.javaCommand": "/srv/app/service.jar --port 80",
  "java.rt.vmArgs": "-Xmx1g -Dx=a secret",
  "sun.gc.policy.name": "ParNew:CMS",
};

describe("who a JVM is, with what it says of itself", () => {
  test("perf counters fill what the process did not tell", () => {
    expect(refineIdentity(seen, { perfCounters: countersOf(texts) })).toEqual({
      ...seen,
      name: "service.jar",
      javaVersion: "1.8.0_392",
      javaMajor: 8,
      vmName: "OpenJDK 64-Bit Server VM",
      vmVendor: "Debian",
      collector: "CMS",
      flags: ["-Xmx1g", "-Dx=(redacted)", "(redacted)"],
    });
  });

  test("flags that the process told stay: it keeps words with spaces apart", () => {
    const flags = ["-Xmx2g"];
    expect(refineIdentity({ ...seen, flags }, { perfCounters: countersOf(texts) }).flags).toEqual(flags);
  });

  test("a flag that may be cut off in the counters is left out", () => {
    const perfCounters = countersOf({
      "java.rt.vmArgs": `-Xmx1g -XX:HeapDumpPath=/${"x".repeat(1100)}`.slice(0, 1023),
    });
    expect(refineIdentity(seen, { perfCounters }).flags).toEqual(["-Xmx1g"]);
  });

  test("the name of a jar in a folder with spaces stays", () => {
    const perfCounters = countersOf({ "sun.rt.javaCommand": "lib/my app.jar a.jar" });
    expect(refineIdentity({ ...seen, name: "my app.jar" }, { perfCounters }).name).toBe("my app.jar");
  });

  test("the JVM's flags with its own choices tell the collector", () => {
    const flags = ["-XX:+UseZGC", "-XX:+ZGenerational"];
    const vmVersion = { vmName: "OpenJDK 64-Bit Server VM", javaVersion: "21.0.2" };
    expect(refineIdentity(seen, { vmVersion, flags })).toMatchObject({
      javaMajor: 21,
      collector: "ZGC",
      generational: true,
    });
  });

  test("no facts change nothing", () => {
    expect(refineIdentity(seen, {})).toEqual(seen);
  });
});

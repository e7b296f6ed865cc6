import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Ajv } from "ajv";
import fc from "fast-check";
import { Profile as PprofProfile } from "pprof-format";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readCollapsed } from "../../../src/formats/collapsed/read-collapsed.ts";
import { readPprof } from "../../../src/formats/pprof/read-pprof.ts";
import { readSpeedscope } from "../../../src/formats/speedscope/read-speedscope.ts";
import type { Profile, ProfileSet } from "../../../src/model/profile.ts";
import { profileWriters } from "../../../src/reports/profile-writers/index.ts";
import { collapse } from "../../../src/stacks/collapse.ts";
import { profileOf } from "../../stacks/profile-of.ts";

const options = { name: "store", tool: { name: "jprof", version: "1.2.3" } };

function written(writer: string, set: ProfileSet): Uint8Array {
  const content = profileWriters.find(({ name }) => name === writer)!.write(set, options);
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function linesOf(profile: Profile): readonly string[] {
  return [...collapse(profile)]
    .filter(({ weight }) => weight !== 0)
    .map(({ path, weight }) => `${path} ${Number(weight.toPrecision(9))}`)
    .sort();
}

const thread = (name: string) => ({ name, pool: name, javaId: undefined, osId: 7, isVirtual: false });
const cpu = profileOf("run wal crc 1, run wal crc 1, run wal 1, run gc 1, - 1", {
  kind: "cpu",
  event: "jdk.ExecutionSample",
  unit: "seconds",
  sampleWeight: Float64Array.of(0.01, 0.01, 0.01, 0.01, 0.01),
  sampleSeconds: Float64Array.of(0, 0.5, 1, 2, 3),
  sampleThread: Int32Array.of(0, 0, 1, -1, 0),
  confidence: { intervalSeconds: 0.01, samplesWithoutStack: 1, truncatedStacks: 0, notes: [] },
});
const alloc = profileOf("run wal crc 4096, run wal 1", {
  kind: "alloc",
  event: "jdk.ObjectAllocationSample",
  unit: "bytes",
  sampleCount: Float64Array.of(2, 1),
  sampleLabel: Int32Array.of(0, -1),
  labels: ["byte[]"],
});
const set: ProfileSet = {
  profiles: [cpu, alloc],
  threads: [thread("wal-writer"), thread("main")],
  startMillis: 1_790_000_000_000,
  durationSeconds: 3.5,
};

describe("what is written is read again", () => {
  const frame = fc.constantFrom("run", "a.B.c", "java.util.HashMap.put", "x.Y$$Lambda.z");
  const rows = fc.array(fc.tuple(fc.array(frame, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 500 })), {
    minLength: 1,
    maxLength: 30,
  });
  const drawn = rows.map((list) =>
    profileOf([["a", "b"], ...list.map(([frames]) => frames)].map((frames) => `${frames.join(" ")} 3`).join("\n")),
  );
  const alone = (profile: Profile): ProfileSet => ({ ...set, threads: [], profiles: [profile] });

  test.each([
    ["collapsed", readCollapsed],
    ["pprof", readPprof],
    ["speedscope", readSpeedscope],
  ] as const)("%s", (writer, read) => {
    fc.assert(
      fc.property(drawn, (profile) => {
        const again = read(memorySource("again", written(writer, alone(profile))));
        expect(linesOf(again.profiles[0]!)).toEqual(linesOf(profile));
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  test("pprof with counts, weights, threads and times", () => {
    const { profiles, threads, startMillis, durationSeconds } = readPprof(memorySource("again", written("pprof", set)));
    expect(profiles.map(({ kind, event, unit }) => [kind, event, unit])).toEqual([
      ["cpu", "samples", "count"],
      ["cpu", "cpu", "seconds"],
      ["alloc", "alloc_objects", "count"],
      ["alloc", "alloc_space", "bytes"],
    ]);
    expect(linesOf(profiles[1]!)).toEqual(linesOf(cpu));
    expect(linesOf(profiles[3]!)).toEqual(linesOf(alloc));
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(profiles.map(({ sampleCount }) => sum(sampleCount))).toEqual([5, 5, 3, 3]);
    expect(threads.map(({ name }) => name)).toEqual(["wal-writer", "main"]);
    expect([startMillis, durationSeconds]).toEqual([set.startMillis, set.durationSeconds]);
    expect(profiles[1]!.confidence.intervalSeconds).toBeCloseTo(0.01);
  });
});

describe("pprof", () => {
  test("keeps the rules of profile.proto, as another decoder reads it", () => {
    const profile = PprofProfile.decode(written("pprof", set));
    const { strings } = profile.stringTable;
    const text = (index: number | bigint) => strings[Number(index)]!;
    expect(strings[0]).toBe("");
    expect(profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`)).toEqual([
      "samples/count",
      "cpu/nanoseconds",
      "alloc_objects/count",
      "alloc_space/bytes",
    ]);
    const functions = new Map(profile.function.map((entry) => [Number(entry.id), entry]));
    const locations = new Map(profile.location.map((entry) => [Number(entry.id), entry]));
    expect([...functions.keys(), ...locations.keys()].every((id) => id > 0)).toBe(true);
    const stacks = profile.sample.map(({ locationId, value }) => {
      const names = locationId.map((id) =>
        text(functions.get(Number(locations.get(Number(id))!.line[0]!.functionId))!.name),
      );
      return `${names.join("<")} ${value.join()}`;
    });
    expect(stacks).toContain("crc<wal<run 2,20000000,0,0");
    expect(stacks).toContain("crc<wal<run 0,0,2,4096");
  });

  const go = ["/usr/local/go/bin/go", "/usr/bin/go"].find((path) => runs(path, ["tool", "pprof", "-h"]));
  test.skipIf(go === undefined)(`opens in go tool pprof${go === undefined ? " (skipped: there is none)" : ""}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "jprof-test-"));
    try {
      const file = join(folder, "profile.pb.gz");
      writeFileSync(file, gzipSync(written("pprof", set)));
      const top = execFileSync(go!, ["tool", "pprof", "-top", "-sample_index=cpu", file], {
        encoding: "utf8",
        stdio: "pipe",
      });
      expect(top).toMatch(/20ms\s+40\.00%.*\s+crc/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch (error) {
    // Usage of a tool that exists ends with a code of its own.
    return error instanceof Error && "status" in error && error.status === 2 && !String(error).includes("no such tool");
  }
}

describe("speedscope", () => {
  test("fits the schema that speedscope publishes", () => {
    const schemaFile = createRequire(import.meta.url).resolve("speedscope/dist/release/file-format-schema.json");
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaFile, "utf8")));
    const file = JSON.parse(new TextDecoder().decode(written("speedscope", set)));
    expect(validate(file)).toBe(true);
    expect(
      file.profiles.map(({ name, unit, samples, weights }: Record<string, unknown[]>) => [
        name,
        unit,
        samples!.length,
        weights!.length,
      ]),
    ).toEqual([
      ["cpu: jdk.ExecutionSample", "seconds", 5, 5],
      ["alloc: jdk.ObjectAllocationSample", "bytes", 2, 2],
    ]);
  });
});

/** The part of opentelemetry.proto.profiles.v1development, as of 1.10, that a reader of stacks needs. */
const otlpProto = `syntax = "proto3"; package p;
message ProfilesData { repeated ResourceProfiles resource_profiles = 1; Dictionary dictionary = 2; }
message Dictionary { repeated Mapping mapping_table = 1; repeated Location location_table = 2; repeated Function function_table = 3;
  repeated Link link_table = 4; repeated string string_table = 5; repeated KeyValueAndUnit attribute_table = 6; repeated Stack stack_table = 7; }
message Mapping { uint64 memory_start = 1; }
message Link { bytes trace_id = 1; }
message Location { int32 mapping_index = 1; uint64 address = 2; repeated Line lines = 3; repeated int32 attribute_indices = 4; }
message Line { int32 function_index = 1; int64 line = 2; int64 column = 3; }
message Function { int32 name_strindex = 1; }
message KeyValueAndUnit { int32 key_strindex = 1; AnyValue value = 2; int32 unit_strindex = 3; }
message AnyValue { string string_value = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Stack { repeated int32 location_indices = 1; }
message ResourceProfiles { Resource resource = 1; repeated ScopeProfiles scope_profiles = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeProfiles { Scope scope = 1; repeated Profile profiles = 2; }
message Scope { string name = 1; string version = 2; }
message Profile { ValueType sample_type = 1; repeated Sample samples = 2; fixed64 time_unix_nano = 3; uint64 duration_nano = 4; ValueType period_type = 5; int64 period = 6; }
message ValueType { int32 type_strindex = 1; int32 unit_strindex = 2; }
message Sample { int32 stack_index = 1; repeated int32 attribute_indices = 2; int32 link_index = 3; repeated int64 values = 4; repeated fixed64 timestamps_unix_nano = 5; }`;

describe("OpenTelemetry profiles", () => {
  const type = protobuf.parse(otlpProto).root.lookupType("p.ProfilesData");
  const data = type.toObject(type.decode(written("otlp", set)), { longs: Number, defaults: true, arrays: true });

  test("begin every table of the dictionary with its zero value", () => {
    const { dictionary } = data;
    expect(dictionary.stringTable[0]).toBe("");
    expect(dictionary.mappingTable).toEqual([{ memoryStart: 0 }]);
    expect(dictionary.stackTable[0]).toEqual({ locationIndices: [] });
    expect(dictionary.locationTable[0].lines).toEqual([]);
    expect(dictionary.linkTable.length).toBe(1);
  });

  test("hold one profile for each type of value, with stacks, threads and classes", () => {
    const { dictionary, resourceProfiles } = data;
    const [{ scope, profiles }] = resourceProfiles[0].scopeProfiles;
    const text = (index: number) => dictionary.stringTable[index];
    const attribute = (index: number) => {
      const { keyStrindex, value } = dictionary.attributeTable[index];
      return `${text(keyStrindex)}=${value.stringValue}`;
    };
    const stack = (index: number) =>
      dictionary.stackTable[index].locationIndices
        .map((at: number) =>
          text(dictionary.functionTable[dictionary.locationTable[at].lines[0].functionIndex].nameStrindex),
        )
        .join("<");
    const lines = profiles.map(
      (profile: { sampleType: Record<string, number>; samples: Record<string, number[] & number>[] }) => [
        `${text(profile.sampleType.typeStrindex!)}/${text(profile.sampleType.unitStrindex!)}`,
        ...profile.samples.map(({ stackIndex, values, attributeIndices }) =>
          [stack(stackIndex!), values!.join(), ...attributeIndices!.map(attribute)].join(" "),
        ),
      ],
    );
    expect(scope).toEqual({ name: "jprof", version: "1.2.3" });
    expect(lines[1]).toEqual([
      "cpu/nanoseconds",
      "crc<wal<run 20000000 thread.name=wal-writer",
      "wal<run 10000000 thread.name=main",
      "gc<run 10000000",
      " 10000000 thread.name=wal-writer",
    ]);
    expect(lines[3]).toEqual(["alloc_space/bytes", "crc<wal<run 4096 jprof.class=byte[]", "wal<run 1"]);
    expect(profiles[0]).toMatchObject({ timeUnixNano: 1.79e18, durationNano: 3.5e9, period: 1e7 });
  });
});

describe("Firefox Profiler", () => {
  test("has a thread for each thread with samples, tables of equal length and indexes within them", () => {
    const file = JSON.parse(new TextDecoder().decode(written("firefox", set)));
    expect(
      file.threads.map(({ processName, name, samples }: Record<string, string> & { samples: { length: number } }) => [
        processName,
        name,
        samples.length,
      ]),
    ).toEqual([
      ["cpu: jdk.ExecutionSample", "cpu: jdk.ExecutionSample", 1],
      ["cpu: jdk.ExecutionSample", "wal-writer", 3],
      ["cpu: jdk.ExecutionSample", "main", 1],
      ["alloc: jdk.ObjectAllocationSample", "alloc: jdk.ObjectAllocationSample", 2],
    ]);
    for (const { samples, stackTable, frameTable, funcTable, stringArray } of file.threads) {
      for (const table of [samples, stackTable, frameTable, funcTable]) {
        const columns = Object.values(table).filter(Array.isArray);
        expect(columns.every((column) => column.length === table.length)).toBe(true);
      }
      expect(samples.stack.every((stack: number | null) => stack === null || stack < stackTable.length)).toBe(true);
      expect(stackTable.prefix.every((caller: number | null, stack: number) => caller === null || caller < stack)).toBe(
        true,
      );
      expect(stackTable.frame.every((frame: number) => frame < frameTable.length)).toBe(true);
      expect(funcTable.name.every((name: number) => name < stringArray.length)).toBe(true);
    }
    expect(file.threads[1].samples).toMatchObject({
      weightType: "tracing-ms",
      weight: [10, 10, 10],
      time: [0, 500, 3000],
    });
  });
});

test("collapsed stacks are whole numbers: nanoseconds, bytes or events", () => {
  const text = (profile: Profile) => new TextDecoder().decode(written("collapsed", { ...set, profiles: [profile] }));
  expect(text(cpu)).toBe("run;wal 10000000\nrun;wal;crc 20000000\nrun;gc 10000000\n");
  expect(text(alloc)).toBe("run;wal 1\nrun;wal;crc 4096\n");
});

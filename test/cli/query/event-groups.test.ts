import { describe, expect, test } from "vitest";
import { csvOf, jsonOf } from "../../../src/cli/query/event-formats.ts";
import { groupedTable } from "../../../src/cli/query/event-groups.ts";
import { EventRows } from "../../../src/cli/query/event-rows.ts";
import { parseQueryOptions, type QueryOptions } from "../../../src/cli/query/query-options.ts";
import { UsageError } from "../../../src/model/errors.ts";
import { drawnRecording } from "../../drawn-recording.ts";

const { recording } = drawnRecording({
  tables: {
    "jdk.FileRead": [
      {
        startTime: 1,
        duration: 0.004,
        path: "/data/a",
        bytesRead: 10,
        eventThread: "reader-1",
        stackTrace: "a.B.run;a.B.read",
      },
      {
        startTime: 2,
        duration: 0.001,
        path: "/data/a",
        bytesRead: 30,
        eventThread: "reader-2",
        stackTrace: "a.B.run;a.B.read",
      },
      { startTime: 3, duration: 0.02, path: "/data/b", bytesRead: 5, eventThread: "reader-1", stackTrace: null },
    ],
  },
});
const events = new EventRows(recording, recording.tables.get("jdk.FileRead")!);

function queried(options: Partial<QueryOptions>) {
  const config = parseQueryOptions("x.jfr", "jdk.FileRead", { where: [], top: "10", format: "table", ...options });
  return groupedTable(events, config);
}

describe("groups of events", () => {
  test("are summed by duration, the greatest total first", () => {
    const { columns, rows } = queried({ by: "path" });
    expect(columns.map(({ title }) => title)).toEqual(["path", "events", "duration", "mean", "max"]);
    expect(rows).toEqual([
      ["/data/b", 1, 0.02, 0.02, 0.02],
      ["/data/a", 2, 0.005, 0.0025, 0.004],
    ]);
  });

  test("sum another field, and tell percentiles as the least value that so many do not exceed", () => {
    const { rows } = queried({ by: "path", of: "bytesRead", percentiles: true });
    expect(rows[0]).toEqual(["/data/a", 2, 40, 20, 10, 30, 30, 30]);
  });

  test("go by thread, and by the frame on top of the stack", () => {
    expect(queried({ by: "eventThread" }).rows.map(([thread]) => thread)).toEqual(["reader-1", "reader-2"]);
    expect(queried({ by: "stackTrace" }).rows.map(([frame]) => frame)).toEqual([null, "a.B.read"]);
  });

  test("hold what meets every condition", () => {
    expect(queried({ by: "path", where: ["path=/data/a"] }).rows).toHaveLength(1);
    expect(queried({ by: "path", where: ["path~^/data", "duration>0.01"] }).rows).toEqual([
      ["/data/b", 1, 0.02, 0.02, 0.02],
    ]);
    expect(queried({ by: "path", where: ["bytesRead<1"] }).rows).toEqual([]);
  });

  test("beyond --top are counted", () => {
    expect(queried({ by: "path", top: "1" })).toMatchObject({ omittedRows: 1 });
    expect(queried({ by: "path", top: "0" })).toMatchObject({ omittedRows: 0 });
  });

  test("an unknown field is answered with the fields there are", () => {
    expect(() => queried({ by: "paht" })).toThrow(/jdk.FileRead has no field paht; it has .*path/);
  });
});

describe("options of query", () => {
  test.each([
    ["where", ["path"], "--where takes"],
    ["where", ["duration>soon"], "takes a number"],
    ["where", ["path~("], "is no pattern"],
    ["top", "many", "--top takes"],
  ] as const)("%s %j is refused", (name, value, message) => {
    const options = { where: [], top: "10", format: "table", [name]: value } as QueryOptions;
    expect(() => parseQueryOptions("x.jfr", "jdk.FileRead", options)).toThrow(UsageError);
    expect(() => parseQueryOptions("x.jfr", "jdk.FileRead", options)).toThrow(message);
  });

  test("grouping needs a type", () => {
    const options = { where: [], top: "10", format: "table", by: "path" } as const;
    expect(() => parseQueryOptions("x.jfr", undefined, options)).toThrow("name the type of event");
  });
});

describe("tables for programs", () => {
  const table = {
    title: "x",
    columns: [
      { title: "path", kind: "text" },
      { title: "n", kind: "count" },
    ],
    rows: [
      ['a,"b"', 1],
      [null, 2],
    ],
    omittedRows: 3,
  } as const;

  test("as CSV quote what would be misread", () => {
    expect(csvOf(table)).toBe('path,n\r\n"a,""b""",1\r\n,2\r\n');
  });

  test("as JSON have one object per row", () => {
    expect(JSON.parse(jsonOf(table))).toEqual({
      event: "x",
      omittedRows: 3,
      rows: [
        { path: 'a,"b"', n: 1 },
        { path: null, n: 2 },
      ],
    });
  });
});

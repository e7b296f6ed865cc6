import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseThreadDumpJson } from "../../../src/formats/jcmd/thread-dump-json.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";

/** Real: JDK 25, fixtures/threads with `deadlock virtual`, three of its threads; frames shortened. */
const threadDumpJson25 = `{
  "threadDump": {
    "processId": "23481",
    "time": "2026-11-25T03:53:49.867Z",
    "runtimeVersion": "25.0.3+9-LTS",
    "threadContainers": [
      {
        "container": "<root>",
        "parent": null,
        "owner": null,
        "threads": [
          {
            "tid": "25",
            "time": "2026-11-25T03:53:49.897Z",
            "name": "monitor-1",
            "state": "BLOCKED",
            "blockedOn": "java.lang.Object@61ad5cc3",
            "stack": [
              "Threads.lockBoth(Threads.java:66)",
              "Threads$$Lambda\\/0x0000000091041888.run(Unknown Source)",
              "java.base\\/java.lang.Thread.run(Thread.java:1474)"
            ],
            "monitorsOwned": [
              { "depth": 0, "locks": ["java.lang.Object@454d70e4", null] }
            ]
          },
          {
            "tid": "32",
            "time": "2026-11-25T03:53:49.900Z",
            "virtual": true,
            "name": "pinned",
            "state": "TIMED_WAITING",
            "stack": ["java.base\\/jdk.internal.misc.Unsafe.park(Native Method)"],
            "carrier": "31"
          }
        ],
        "threadCount": "2"
      },
      {
        "container": "java.util.concurrent.ThreadPoolExecutor@52f57666",
        "parent": "<root>",
        "owner": "25",
        "threads": [
          {
            "tid": "30",
            "virtual": true,
            "name": "",
            "state": "WAITING",
            "parkBlocker": { "object": "java.util.concurrent.CountDownLatch$Sync@2cd53314" },
            "stack": []
          }
        ],
        "threadCount": "1"
      }
    ]
  }
}
`;

describe("a thread dump in JSON", () => {
  test("groups threads by what started them, virtual ones too", () => {
    const dump = parseThreadDumpJson(threadDumpJson25);
    expect(dump).toMatchObject({
      processId: 23481,
      takenAtMillis: Date.UTC(2026, 10, 25, 3, 53, 49, 867),
      runtimeVersion: "25.0.3+9-LTS",
      containers: [
        { name: "<root>", parent: undefined, ownerId: undefined, threadCount: 2 },
        { name: "java.util.concurrent.ThreadPoolExecutor@52f57666", parent: "<root>", ownerId: 25, threadCount: 1 },
      ],
    });
    const [blocked, pinned, waiting] = dump.containers.flatMap(({ threads }) => threads);
    expect(blocked).toEqual({
      javaId: 25,
      name: "monitor-1",
      isVirtual: false,
      state: "BLOCKED",
      parkBlocker: undefined,
      parkBlockerOwnerId: undefined,
      blockedOn: "java.lang.Object@61ad5cc3",
      waitingOn: undefined,
      carrierId: undefined,
      ownedMonitors: [
        { depth: 0, object: "java.lang.Object@454d70e4" },
        { depth: 0, object: undefined },
      ],
      frames: [
        { method: "Threads.lockBoth", module: undefined, file: "Threads.java", line: 66, isNative: false },
        {
          method: "Threads$$Lambda/0x0000000091041888.run",
          module: undefined,
          file: undefined,
          line: undefined,
          isNative: false,
        },
        { method: "java.lang.Thread.run", module: "java.base", file: "Thread.java", line: 1474, isNative: false },
      ],
    });
    expect(pinned).toMatchObject({ isVirtual: true, carrierId: 31, frames: [{ isNative: true }] });
    expect(waiting).toMatchObject({ name: "", parkBlocker: "java.util.concurrent.CountDownLatch$Sync@2cd53314" });
  });

  test("JDK 21 tells only names and stacks, with loaders of classes that have one (drawn after its source)", () => {
    const { containers } = parseThreadDumpJson(
      '{"threadDump":{"processId":7,"threadContainers":[{"container":"<root>","threads":[' +
        '{"tid":9,"name":"w","stack":["app//demo.A.run(A.java)","app/mod@1.0/demo.B.go(B.java:3)"]}],"threadCount":1}]}}',
    );
    expect(containers[0]?.threads[0]).toMatchObject({
      javaId: 9,
      isVirtual: undefined,
      state: undefined,
      frames: [
        { method: "demo.A.run", module: undefined, file: "A.java", line: undefined },
        { method: "demo.B.go", module: "mod@1.0", file: "B.java", line: 3 },
      ],
    });
  });

  test("a file that is cut off anywhere tells what is complete, and never less than a shorter one", () => {
    let before = 0;
    for (let length = 0; length <= threadDumpJson25.length; length++) {
      const { containers } = parseThreadDumpJson(threadDumpJson25.slice(0, length));
      const threads = containers.reduce((count, container) => count + container.threads.length, 0);
      expect(threads).toBeGreaterThanOrEqual(before);
      before = threads;
    }
    expect(before).toBe(3);
  });

  test("what is not JSON is refused; JSON of another kind tells nothing", () => {
    expect(() => parseThreadDumpJson("Created /tmp/dump.json\n")).toThrow(
      'expected a thread dump in JSON, got "Created /tmp/dump.json"',
    );
    expect(parseThreadDumpJson('{"threadDump": 3}').containers).toEqual([]);
    expect(parseThreadDumpJson("{ what?").containers).toEqual([]);
    expect(parseThreadDumpJson("").containers).toEqual([]);
  });

  test.skipIf(!hasCorpus)(`every thread of a real service is told, with every frame${noCorpus}`, () => {
    const text = readFileSync(corpusFile("services", "kafka-4.1-jdk25-zgc", "thread_dump.json"), "utf8");
    const { containers } = parseThreadDumpJson(text);
    const threads = containers.flatMap((container) => container.threads);
    expect(containers.map(({ threadCount }) => threadCount)).toEqual(containers.map((each) => each.threads.length));
    expect([containers.length, threads.length]).toEqual([28, 96]);
    expect(threads.flatMap(({ frames }) => frames).length).toBe(766);
  });
});

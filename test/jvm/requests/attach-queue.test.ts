import { afterEach, describe, expect, test } from "vitest";
import { type AttachQueue, createAttachQueue } from "../../../src/jvm/requests/attach-queue.ts";
import type { AuditEntry } from "../../../src/jvm/requests/audit-entry.ts";
import type { RequestLimits } from "../../../src/jvm/requests/request-limits.ts";
import type { Policy } from "../../../src/model/policy.ts";
import { type Behaviour, drawProcess, type FakeJvm, likeJvm17, likeJvm25, startFake } from "../attach/fake-jvm.ts";

const always = new AbortController().signal;

let fake: FakeJvm | undefined;
let queue: AttachQueue | undefined;
afterEach(() => {
  queue?.close();
  fake?.close();
});

describe("commands of one turn", () => {
  test("travel together, each once, and everybody gets an answer", async () => {
    const { ask, texts } = await queueTo(likeJvm25(echo));
    const answers = await Promise.all(
      ["VM.uptime", "VM.version", "VM.uptime", "GC.heap_info"].map((command) => ask(command)),
    );
    expect(answers).toEqual(["VM.uptime!", "VM.version!", "VM.uptime!", "GC.heap_info!"]);
    expect(texts()).toEqual([["VM.uptime", "VM.version", "GC.heap_info"]]);
  });

  test("travel together also when some wait for something else first", async () => {
    const { ask, texts } = await queueTo(likeJvm25(echo));
    const late = async () => {
      await Promise.resolve();
      return ask("VM.version");
    };
    await Promise.all([ask("VM.uptime"), late()]);
    expect(texts()).toEqual([["VM.uptime", "VM.version"]]);
  });

  test("do not travel with one that stops the JVM's threads, which is asked when the listener is known to be free", async () => {
    const { ask, texts, requests } = await queueTo(likeJvm25(echo), { policy: "diagnose" });
    await Promise.all(["VM.uptime", "Thread.print", "VM.version"].map((command) => ask(command)));
    expect(texts()).toEqual([["VM.uptime", "VM.version"], ["Thread.print"]]);
    const isProbe = requests().map((request) => request.includes("getversion"));
    expect(isProbe).toEqual([true, false, true, false]);
  });

  test("go in several requests where the JVM takes 1024 bytes at a time", async () => {
    const { ask, texts, requests } = await queueTo(likeJvm17(echo));
    const commands = Array.from({ length: 40 }, (_, index) => `VM.events log=l${index}`);
    expect(await Promise.all(commands.map((command) => ask(command)))).toEqual(
      commands.map((command) => `${command}!`),
    );
    expect(texts().length).toBeGreaterThan(1);
    expect(texts().flat()).toEqual(commands);
    for (const request of requests()) expect(Buffer.byteLength(request)).toBeLessThan(1024 + 16);
  });

  test.each([
    ["17", likeJvm17],
    ["25", likeJvm25],
  ])("do not share the failure of one of them (JDK %s)", async (_, likeJvm) => {
    const { ask, texts } = await queueTo(likeJvm((command) => (command === "VM.version" ? undefined : `${command}!`)));
    expect(await Promise.all(["VM.uptime", "VM.version", "GC.heap_info"].map((command) => ask(command)))).toEqual([
      "VM.uptime!",
      "absent: this JVM has no command VM.version",
      "GC.heap_info!",
    ]);
    expect(texts()).toEqual([["VM.uptime", "VM.version", "GC.heap_info"], ["GC.heap_info"]]);
  });

  test("go one by one where the JVM makes no marks", async () => {
    const { ask } = await queueTo((request, socket) => {
      if (request.includes("getversion")) return void socket.end("0\n2 streaming");
      const lines = (request.split("\0")[3] ?? "").split("\n");
      socket.end(
        `0\n${lines.map((line) => (line.startsWith("help jprof") ? "Hilfe fehlt\n" : `${line}!\n`)).join("")}`,
      );
    });
    expect(await Promise.all([ask("VM.uptime"), ask("VM.version")])).toEqual(["VM.uptime!\n", "VM.version!\n"]);
  });

  test("are told that the reply broke off", async () => {
    const { ask } = await queueTo((request, socket) => {
      if (request.includes("getversion")) return void socket.end("0\n2 streaming");
      const first = /help (jprof-[\d-]+)/.exec(request)?.[1];
      socket.end(`0\nHelp unavailable : '${first}' : No such command\n1.2`);
    });
    expect(await ask("VM.uptime")).toBe("failed: the reply to VM.uptime broke off after 3 characters");
  });
});

describe("a JVM", () => {
  test("has one client at a time", async () => {
    const { ask, jvm } = await queueTo(likeJvm25(echo), { policy: "diagnose", limits: { requestsPerMinute: 1000 } });
    const commands = ["Thread.print", "VM.classloader_stats", "VM.info", "VM.uptime"];
    for (let round = 0; round < 3; round++) {
      const asked = commands.map((command) => ask(command));
      await new Promise((resolve) => setTimeout(resolve, 2));
      await Promise.all([...asked, ask("VM.version"), ask("Compiler.queue")]);
    }
    expect(jvm.mostClients()).toBe(1);
  });

  test("that does not answer is left alone for a growing while, asked something cheap, and trusted again", async () => {
    const clock = { millis: 1_000_000 };
    const quick = { requestMillis: 50, slowMillis: 10_000, suspendMillis: 1000 };
    const { ask, requests, jvm } = await queueTo(() => undefined, { limits: quick, now: () => clock.millis });
    expect(await ask("VM.uptime")).toContain("timeout: the JVM did not finish within 50 ms");
    expect(await ask("VM.uptime")).toContain("not asked again for 1 s");
    expect(queue?.status().state).toBe("suspended");
    expect(requests()).toHaveLength(1);
    clock.millis += 1001;
    expect(await ask("VM.uptime")).toContain("timeout");
    expect(await ask("VM.uptime")).toContain("not asked again for 2 s");
    clock.millis += 2001;
    jvm.behave(likeJvm25(echo));
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
    expect(queue?.status()).toEqual({ tier: "attach", state: "ok", detail: "", lastOkMillis: clock.millis });
  });

  test("that is slow is left alone for a while too", async () => {
    const { ask } = await queueTo((request, socket) => void setTimeout(() => likeJvm25(echo)(request, socket), 40), {
      limits: { slowMillis: 20 },
    });
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
    expect(await ask("VM.uptime")).toMatch(
      /^timeout: the last request took \d+ ms, more than slowMillis; not asked again/,
    );
  });

  test("that hangs up without a word is said to do so on other users", async () => {
    const { ask } = await queueTo((_, socket) => void socket.end());
    expect(await ask("VM.uptime")).toContain("denied: the JVM hung up without a word");
    expect(queue?.status().state).toBe("denied");
  });

  test("that is stopped is not asked, and is asked again as soon as it runs", async () => {
    const { ask, jvm } = await queueTo(likeJvm25(echo));
    drawProcess(jvm.procRoot, { state: "T" });
    expect(await ask("VM.uptime")).toContain("failed: process 4711 is stopped");
    drawProcess(jvm.procRoot);
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
  });
});

describe("the policy", () => {
  test("keeps commands from being sent, and says which one they need", async () => {
    const { ask, requests } = await queueTo(likeJvm25(echo));
    expect(await ask("Thread.print")).toBe("forbidden: Thread.print needs the policy diagnose, and it is observe");
    expect(await ask("VM.flags -all")).toBe("forbidden: VM.flags -all needs the policy diagnose, and it is observe");
    expect(await ask("GC.run")).toBe("forbidden: GC.run needs the policy intrude, and it is observe");
    expect(await ask("VM.weather")).toBe("forbidden: VM.weather needs the policy diagnose, and it is observe");
    expect(await ask("VM.uptime\nGC.run")).toBe(
      'failed: expected one diagnostic command on one line, got "VM.uptime\\nGC.run"',
    );
    expect(requests()).toEqual([]);
    expect(queue?.usage()).toContainEqual({
      command: "Thread.print",
      outcome: "refused",
      requests: 1,
      seconds: 0,
      stoppedSeconds: 0,
    });
  });

  test("asks the JVM about commands that it does not know", async () => {
    const help = (impact: string) => `VM.weather\nTells it.\n\nImpact: ${impact}: it depends.\n\nSyntax: VM.weather\n`;
    const commands = new Map([
      ["help VM.weather", help("Medium")],
      ["help VM.storm", help("High")],
      ["help VM.gone", "Help unavailable : 'VM.gone' : No such command\n"],
      ["VM.weather", "sunny\n"],
    ]);
    const { ask, texts } = await queueTo(
      likeJvm25((command) => commands.get(command)),
      { policy: "diagnose" },
    );
    expect(await ask("VM.weather")).toBe("sunny\n");
    expect(await ask("VM.weather")).toBe("sunny\n");
    expect(await ask("VM.storm")).toBe("forbidden: VM.storm needs the policy intrude, and it is diagnose");
    expect(await ask("VM.gone")).toBe("absent: this JVM has no command VM.gone");
    expect(texts()).toEqual([["help VM.weather"], ["VM.weather"], ["VM.weather"], ["help VM.storm"], ["help VM.gone"]]);
  });
});

describe("the budget", () => {
  test("holds back requests beyond so many a minute, and lets them go again later", async () => {
    const clock = { millis: 0 };
    const { ask } = await queueTo(likeJvm25(echo), { limits: { requestsPerMinute: 12 }, now: () => clock.millis });
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
    expect(await ask("VM.uptime")).toBe("forbidden: all of requestsPerMinute 12 is used up");
    clock.millis += 5000;
    expect(await ask("VM.uptime")).toBe("VM.uptime!");
  });

  test("does not send what is expected to stop the JVM for too long, and learns from what it took", async () => {
    const stopped = { seconds: 0 };
    const { ask } = await queueTo(stoppingFor("GC.class_histogram -all", 0.1, stopped), {
      policy: "diagnose",
      limits: { maxStopMillis: 90 },
      liveBytes: 4e7,
      stoppedSeconds: () => stopped.seconds,
    });
    expect(await ask("GC.class_histogram -all")).toBe("GC.class_histogram -all!");
    expect(await ask("GC.class_histogram -all")).toMatch(
      /^forbidden: GC.class_histogram -all is expected to stop the JVM for 10[01] ms, and maxStopMillis is 90$/,
    );
    expect((await queue?.preview("GC.class_histogram -all"))?.refused).toMatch(/10[01] ms/);
    expect(queue?.usage()).toContainEqual(
      expect.objectContaining({ command: "GC.class_histogram", outcome: "answered", requests: 1, stoppedSeconds: 0.1 }),
    );
  });

  test("does not stop the JVM for more than so much in an hour", async () => {
    const stopped = { seconds: 0 };
    const { ask } = await queueTo(stoppingFor("Thread.print", 0.03, stopped), {
      policy: "diagnose",
      limits: { stopMillisPerHour: 50 },
      stoppedSeconds: () => stopped.seconds,
    });
    expect(await ask("Thread.print")).toBe("Thread.print!");
    expect(await ask("Thread.print")).toMatch(
      /^forbidden: Thread.print is expected to stop the JVM for 3[01] ms, and 20 of stopMillisPerHour 50 are left$/,
    );
  });

  test("has room for so many waiting commands", async () => {
    const { ask } = await queueTo(likeJvm25(echo), { limits: { maxQueuedCommands: 2 } });
    const answers = await Promise.all(["VM.uptime", "VM.version", "GC.heap_info"].map((command) => ask(command)));
    expect(answers).toEqual(["VM.uptime!", "VM.version!", "forbidden: 2 commands wait (maxQueuedCommands)"]);
  });
});

describe("a caller", () => {
  test("that gives up is answered at once, and what it asked for is not sent when its turn comes", async () => {
    const { ask, texts } = await queueTo(
      (request, socket) => void setTimeout(() => likeJvm25(echo)(request, socket), 30),
    );
    const first = ask("VM.uptime");
    await new Promise((resolve) => setTimeout(resolve, 10));
    const giveUp = new AbortController();
    const second = ask("VM.version", giveUp.signal);
    giveUp.abort();
    expect(await second).toBe("timeout: no answer within the caller's time");
    expect(await first).toBe("VM.uptime!");
    expect(await ask("GC.heap_info")).toBe("GC.heap_info!");
    expect(texts()).toEqual([["VM.uptime"], ["GC.heap_info"]]);
  });

  test("is answered when the queue is closed, whether its command waits or is under way", async () => {
    const { ask } = await queueTo(() => undefined);
    const asked = [ask("VM.uptime"), ask("VM.version")];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const waiting = ask("GC.heap_info");
    queue?.close();
    expect(await Promise.all(asked)).toEqual(["timeout: given up (nothing came)", "timeout: given up (nothing came)"]);
    expect(await waiting).toBe("failed: the JVM is no longer watched");
    expect(await ask("VM.uptime")).toBe("failed: the JVM is no longer watched");
  });
});

test("each request is written down, with what was sent and what it cost", async () => {
  const stopped = { seconds: 1 };
  const like = likeJvm25((command) => (command === "VM.version" ? undefined : `${command}!`));
  const { ask, audit } = await queueTo(stoppingFor("Thread.print", 0.25, stopped, like), {
    policy: "diagnose",
    stoppedSeconds: () => stopped.seconds,
    now: () => Date.UTC(2026, 0, 2),
  });
  await Promise.all([ask("VM.uptime"), ask("VM.version"), ask("Thread.print -e")]);
  await ask("Thread.print");
  const common = { time: "2026-01-02T00:00:00.000Z", pid: 4711, startTicks: 1000, policy: "diagnose" };
  expect(audit.map(({ seconds, predictedStopSeconds, ...entry }) => entry)).toMatchObject([
    { ...common, request: "probe", commands: ["getversion options"], impact: "low", outcome: "answered" },
    {
      ...common,
      request: "jcmd",
      commands: ["VM.uptime", "VM.version"],
      impact: "low",
      outcome: "failed",
      reason: "this JVM has no command VM.version",
    },
    { ...common, request: "probe" },
    {
      ...common,
      request: "jcmd",
      commands: ["Thread.print -e"],
      impact: "medium",
      stoppedSeconds: 0,
      outcome: "answered",
    },
    { ...common, request: "probe" },
    { ...common, request: "jcmd", commands: ["Thread.print"], stoppedSeconds: 0.25, outcome: "answered", reason: "" },
  ]);
  expect(audit.every(({ seconds, replyBytes }) => seconds > 0 && replyBytes > 0)).toBe(true);
});

test("a preview sends nothing", async () => {
  const { requests } = await queueTo(likeJvm25(echo), { policy: "diagnose", liveBytes: 1e9 });
  expect(await queue?.preview("VM.uptime")).toMatchObject({ predictedStopSeconds: 0, refused: undefined });
  expect(await queue?.preview("GC.run")).toMatchObject({
    refused: "GC.run needs the policy intrude, and it is diagnose",
  });
  expect(await queue?.preview("GC.class_histogram -all")).toEqual({
    rule: { needs: "diagnose", stop: "heap", impact: "high" },
    predictedStopSeconds: 1.51,
    refused: "GC.class_histogram -all is expected to stop the JVM for 1510 ms, and maxStopMillis is 500",
  });
  expect(await queue?.preview("VM.weather")).toEqual({ rule: undefined, predictedStopSeconds: 0, refused: undefined });
  expect(requests()).toEqual([]);
});

interface QueueChoices {
  readonly policy?: Policy;
  readonly limits?: Partial<RequestLimits>;
  readonly liveBytes?: number;
  readonly stoppedSeconds?: () => number;
  readonly now?: () => number;
}

/** A queue to a fake JVM; `ask` gives the text of an answer, or its code and reason. */
async function queueTo(behaviour: Behaviour, choices: QueueChoices = {}) {
  const jvm = await startFake(behaviour);
  fake = jvm;
  const audit: AuditEntry[] = [];
  const { policy = "observe", limits = {}, now } = choices;
  const made = createAttachQueue({
    identity: jvm.identity,
    kind: "hotspot",
    procRoot: jvm.procRoot,
    policy,
    limits,
    audit: (entry) => audit.push(entry),
    stoppedSeconds: () => choices.stoppedSeconds?.(),
    liveBytes: () => choices.liveBytes,
    ...(now === undefined ? {} : { now }),
  });
  queue = made;
  return {
    jvm,
    audit,
    requests: () => jvm.requests,
    /** The commands of each request, without what only separates them. */
    texts: () => jvm.requests.filter((request) => request.includes("\0jcmd")).map(commandsOf),
    async ask(command: string, signal = always): Promise<string> {
      const answer = await made.jcmd(command, signal);
      return answer.ok ? answer.value : `${answer.code}: ${answer.reason}`;
    },
  };
}

function commandsOf(request: string): readonly string[] {
  const text = request.split("\0").find((part) => part.includes("help jprof-")) ?? "";
  return text.split("\n").filter((line) => !line.startsWith("help jprof-"));
}

/** A JVM whose threads stand still for so long before it answers this command. */
function stoppingFor(
  command: string,
  seconds: number,
  stopped: { seconds: number },
  like = likeJvm25(echo),
): Behaviour {
  return (request, socket) => {
    if (!request.includes(`\n${command}\n`)) return like(request, socket);
    setTimeout(
      () => {
        stopped.seconds += seconds;
        like(request, socket);
      },
      seconds * 1000 + 20,
    );
  };
}

function echo(command: string): string {
  return `${command}!`;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poolOf } from "../../src/model/thread-pool.ts";

describe("the pool of a thread", () => {
  test.each([
    ["kafka-request-handler-3", "kafka-request-handler-*"],
    [
      "data-plane-kafka-network-thread-1-PLAINTEXT-PLAINTEXT-0",
      "data-plane-kafka-network-thread-1-PLAINTEXT-PLAINTEXT-*",
    ],
    ["kafka-1-raft-scheduler0", "kafka-1-raft-scheduler*"],
    ["pool-2-thread-17", "pool-2-thread-*"],
    ["ForkJoinPool.commonPool-worker-1", "ForkJoinPool.commonPool-worker-*"],
    ["http-nio-8080-exec-5", "http-nio-8080-exec-*"],
    ["MemtableFlushWriter:1", "MemtableFlushWriter:*"],
    ["PerDiskMemtableFlushWriter_0:2", "PerDiskMemtableFlushWriter_0:*"],
    ["GC Thread#3", "GC Thread#*"],
    ["C2 CompilerThread0", "C2 CompilerThread*"],
    ["epollEventLoopGroup-3-1", "epollEventLoopGroup-3-*"],
    ["elasticsearch[node-1][write][T#7]", "elasticsearch[node-1][write][T#*]"],
    ["Source: orders (3/8)#0", "Source: orders (*/8)#*"],
    ["RMI TCP Connection(12)-10.1.2.3", "RMI TCP Connection(*)-*"],
    [
      "RpcServer.default.FPBQ.Fifo.handler=29,queue=2,port=16020",
      "RpcServer.default.FPBQ.Fifo.handler=*,queue=*,port=*",
    ],
    ["IPC Server handler 3 on 8020", "IPC Server handler * on *"],
    [
      "Executor task launch worker for task 12.0 in stage 3.0 (TID 42)",
      "Executor task launch worker for task * in stage * (TID *)",
    ],
    ["qtp1582797472-39", "qtp*-*"],
    ["Log4j2-TF-1-AsyncLogger[AsyncContext@5ffd2b27]-1", "Log4j2-TF-1-AsyncLogger[AsyncContext@*]-*"],
    ["MessagingService-Outgoing-/10.0.0.1:7000-Gossip", "MessagingService-Outgoing-*-Gossip"],
    ["job-123e4567-e89b-12d3-a456-426614174000", "job-*"],
    ["[tid=4711]", "[tid=*]"],
    ["ExpirationReaper-1-Fetch", "ExpirationReaper-1-Fetch"],
    ["VM Thread", "VM Thread"],
    ["main", "main"],
    ["", "virtual"],
  ])("of %j is %j", (name, pool) => {
    expect(poolOf(name)).toBe(pool);
  });

  test("of threads that a counter at the end tells apart is the same", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z-]{0,20}[-#:]$/), fc.nat(), fc.nat(), (prefix, one, other) => {
        expect(poolOf(`${prefix}${one}`)).toBe(poolOf(`${prefix}${other}`));
      }),
      { seed: 1 },
    );
  });

  test("is found for any name, and is bounded", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (name) => {
        const pool = poolOf(name);
        expect(pool.length).toBeLessThanOrEqual(120);
        expect(pool).not.toBe("");
      }),
      { seed: 1 },
    );
  });
});

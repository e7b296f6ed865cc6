/** Small inputs of every text format, as the tools write them. */

export const collapsedText = `java/lang/Thread.run_[j];com/acme/store/Wal.append_[i];com/acme/store/Crc.update_[0] 7
java/lang/Thread.run_[j];com/acme/store/Wal.append_[j] 2
java/lang/Thread.run_[j];java/io/FileOutputStream.writeBytes_[j];/usr/lib/libc.so.6;ksys_write_[k] 3

# a comment
JavaMain;Interpreter::run(JavaThread*, int) 1
[unknown] 1
`;

export const asyncText = `--- Execution profile ---
Total samples       : 10
unknown_Java        : 1 (10.00%)

--- 70000000 ns (70.00%), 7 samples
  [ 0] com.acme.store.Crc.update
  [ 1] com.acme.store.Wal.append
  [ 2] java.lang.Thread.run
  [ 3] [wal-writer tid=4711]

--- 30000000 ns (30.00%), 3 samples
  [ 0] ksys_write_[k]
  [ 1] java.io.FileOutputStream.writeBytes
  [ 2] java.lang.Thread.run
  [ 3] [wal-writer tid=4711]

          ns  percent  samples  top
  ----------  -------  -------  ---
    70000000   70.00%        7  com.acme.store.Crc.update
    30000000   30.00%        3  ksys_write_[k]
`;

export const perfScriptText = `# ========
# captured on    : Wed Nov 25 2026
# ========
#
java  4711/4712  [003]  8462.100000:   10101010 cpu-clock:u: 
	    7f3a0c0f5b4c com.acme.store.Crc.update(byte[])+0x1c (/tmp/perf-4711.map)
	    7f3a0c0f5000 Ljava/lang/Thread;::run+0x8 (/tmp/perf-4711.map)
	    7f3a1c0f5b4c JavaCalls::call_helper(JavaValue*, methodHandle const&)+0x2f1 (/usr/lib/jvm/lib/server/libjvm.so)

GC Thread#0  4711/4720  [001]  8462.600000:   10101010 cpu-clock:u: 
	ffffffff8114b7f0 ksys_write+0x70 ([kernel.kallsyms])
	    7f3a1c0f5b00 [unknown] (/usr/lib/x86_64-linux-gnu/libc.so.6)

java  4711/4712  [003]  8463.100000:   10101010 cpu-clock:u: 
	    7f3a0c0f5b50 com.acme.store.Crc.update(byte[])+0x20 (/tmp/perf-4711.map)
`;

export const speedscopeText = JSON.stringify({
  $schema: "https://www.speedscope.app/file-format-schema.json",
  shared: { frames: [{ name: "run" }, { name: "com.acme.store.Wal.append" }, { name: "com.acme.store.Crc.update" }] },
  profiles: [
    {
      type: "sampled",
      name: "cpu",
      unit: "milliseconds",
      startValue: 0,
      endValue: 30,
      samples: [[0, 1], [0, 1, 2], [0]],
      weights: [10, 15, 5],
    },
    {
      type: "evented",
      name: "main",
      unit: "seconds",
      startValue: 1,
      endValue: 5,
      events: [
        { type: "O", frame: 0, at: 1 },
        { type: "O", frame: 1, at: 2 },
        { type: "C", frame: 1, at: 4 },
        { type: "C", frame: 0, at: 5 },
      ],
    },
  ],
});

const frame = (name: string, method: string, type = "JIT compiled", lineNumber = 12) => ({
  method: { type: { name }, name: method },
  lineNumber,
  type,
});
const thread = { osName: "wal-writer", osThreadId: 4711, javaName: "wal-writer", javaThreadId: 31 };
const event = (type: string, values: object) => ({ type, values });

export const jfrJsonText = JSON.stringify(
  {
    recording: {
      events: [
        event("jdk.ExecutionSample", {
          startTime: "2026-11-25T07:00:01.000000000Z",
          sampledThread: thread,
          stackTrace: {
            truncated: false,
            frames: [frame("com/acme/store/Crc", "update"), frame("java/lang/Thread", "run", "Inlined", 840)],
          },
          state: "STATE_RUNNABLE",
        }),
        event("jdk.FileWrite", {
          startTime: "2026-11-25T07:00:00.500000000Z",
          duration: "PT0.025S",
          eventThread: thread,
          stackTrace: { truncated: true, frames: [frame("java/io/FileOutputStream", "writeBytes", "Native")] },
          path: '/data/"wal"/{0}[1]',
        }),
        event("jdk.ObjectAllocationSample", {
          startTime: "2026-11-25T07:00:02.000000000Z",
          eventThread: thread,
          stackTrace: null,
          objectClass: { name: "[Ljava/lang/String;" },
          weight: 4096,
        }),
        event("jdk.CPULoad", { startTime: "2026-11-25T07:00:02.000000000Z", machineTotal: 0.5 }),
      ],
    },
  },
  null,
  2,
);

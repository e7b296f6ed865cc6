/** Drawn after what JDK 5 printed: no states, stacks' ranges, short addresses. */
export const jdk5 = `Full thread dump Java HotSpot(TM) Client VM (1.5.0_22-b03 mixed mode, sharing):

"second" prio=1 tid=0x080a3d10 nid=0x2f14 waiting for monitor entry [0xa94ff000..0xa94ff6b0]
\tat demo.Store.put(Store.java:12)
\t- waiting to lock <0xaa8b5c30> (a demo.Store)
\tat java.lang.Thread.run(Thread.java:595)

"first" prio=1 tid=0x080a3a10 nid=0x2f13 waiting on condition [0xa95ff000..0xa95ff6b0]
\tat java.lang.Thread.sleep(Native Method)
\tat demo.Store.put(Store.java:14)
\t- locked <0xaa8b5c30> (a demo.Store)
\tat java.lang.Thread.run(Thread.java:595)

"VM Thread" prio=1 tid=0x0809a7c0 nid=0x2f0f runnable

"VM Periodic Task Thread" prio=1 tid=0x0809a8c0 nid=0x2f10 waiting on condition
`;

/** Drawn after JDK 7, and cut by whoever mailed it: blanks for tabs. */
export const jdk7 = `2014-02-03 04:05:06
Full thread dump Java HotSpot(TM) 64-Bit Server VM (24.45-b08 mixed mode):

"http-8080-2" daemon prio=10 tid=0x00007f2b3c0a1000 nid=0x1b2c waiting on condition [0x00007f2b2d5f4000]
   java.lang.Thread.State: TIMED_WAITING (sleeping)
        at java.lang.Thread.sleep(Native Method)
        at demo.Poller.run(Poller.java:33)
        - locked <0x00000007d5a1b2c8> (a java.lang.Object)

"GC task thread#0 (ParallelGC)" prio=10 tid=0x00007f2b3c01e000 nid=0x1b20 runnable 

"VM Periodic Task Thread" prio=10 tid=0x00007f2b3c0b3000 nid=0x1b2d waiting on condition 

JNI global references: 112

`;

/** Drawn after JDK 17, `jstack -l`. */
export const jdk17 = `2026-01-02 03:04:05
Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing):

Threads class SMR info:
_java_thread_list=0x00007f19e4001f50, length=3, elements={
0x00007f1a10027e10, 0x00007f1a10112340, 0x00007f1a10113340
}

"main" #1 prio=5 os_prio=0 cpu=120.50ms elapsed=60.10s tid=0x00007f1a10027e10 nid=0x1001 waiting on condition  [0x00007f1a14bfe000]
   java.lang.Thread.State: WAITING (parking)
\tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
\t- parking to wait for  <0x00000000fc0192a0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
\tat java.util.concurrent.locks.ReentrantLock.lock(java.base@17.0.15/ReentrantLock.java:322)
\tat demo.Main.main(Main.java:8)

   Locked ownable synchronizers:
\t- None

"worker-1" #12 daemon prio=5 os_prio=0 cpu=5.25ms elapsed=59.00s tid=0x00007f1a10112340 nid=0x1002 runnable  [0x00007f19f1afd000]
   java.lang.Thread.State: RUNNABLE
\tat sun.nio.ch.FileDispatcherImpl.force0(java.base@17.0.15/Native Method)
\tat demo.Wal.sync(Wal.java:50)
\tat demo.Main$$Lambda$14/0x0000000800c03000.run(Unknown Source)

   Locked ownable synchronizers:
\t- <0x00000000fc0192a0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

"Common-Cleaner" #10 daemon prio=8 os_prio=0 cpu=0.20ms elapsed=59.90s tid=0x00007f1a10113340 nid=0x1003 in Object.wait()  [0x00007f19f2bfc000]
   java.lang.Thread.State: TIMED_WAITING (on object monitor)
\tat java.lang.Object.wait(java.base@17.0.15/Native Method)
\t- waiting on <0x00000000fc0193a0> (a java.lang.ref.ReferenceQueue$Lock)

   Locked ownable synchronizers:
\t- None

"VM Thread" os_prio=0 cpu=10.00ms elapsed=60.00s tid=0x00007f1a10080000 nid=0x1004 runnable  

JNI global refs: 16, weak refs: 0

`;

/** Drawn after JDK 21: a carrier without a state, and without the frames of what it carries. */
export const jdk21 = `2026-01-02 03:04:05
Full thread dump OpenJDK 64-Bit Server VM (21.0.9+11-LTS mixed mode):

"ForkJoinPool-1-worker-1" #180 [197123] daemon prio=5 os_prio=31 cpu=0.46ms elapsed=45.13s tid=0x0000000111f7a000  [0x000000017e229000]
   Carrying virtual thread #179
\tat jdk.internal.vm.Continuation.run(java.base@21.0.9/Continuation.java:248)
\tat java.lang.VirtualThread.runContinuation(java.base@21.0.9/VirtualThread.java:245)

JNI global refs: 16, weak refs: 0

`;

/** Drawn after `jhsdb jstack`, whose first lines are about its own work. */
export const agent8 = `Attaching to process ID 4711, please wait...
Debugger attached successfully.
Server compiler detected.
JVM version is 25.192-b12
Deadlock Detection:

No deadlocks found.

Thread 4720: (state = BLOCKED)
 - java.lang.Object.wait(long) @bci=0 (Compiled frame; information may be imprecise)
 - demo.Queue.take() @bci=12, line=34 (Interpreted frame)
 - java.lang.Thread.run() @bci=11, line=748 (Interpreted frame)


Thread 4719: (state = IN_NATIVE)
 - sun.nio.ch.EPollArrayWrapper.epollWait(long, int, long, int) @bci=0 (Compiled frame; information may be imprecise)

`;

/** Drawn after JDK 21's `Thread.dump_to_file`: no states, no `at`. */
export const filed21 = `4711
2026-01-02T03:04:05.678901Z
21.0.9+11-LTS

#1 "main"
      java.base/java.lang.Thread.sleep0(Native Method)
      java.base/java.lang.Thread.sleep(Thread.java:509)
      app//demo.Main.main(Main.java:8)

#22 "" virtual
      java.base/java.lang.VirtualThread.park(VirtualThread.java:582)
      app//demo.Main.wait(Main.java:20)
      java.base/java.lang.VirtualThread.run(VirtualThread.java:309)

`;

/** Drawn after JDK 25's. */
export const filed25 = `4711
2026-01-02T03:04:05.678901Z
25.0.3+9-LTS

#17 "blocked" BLOCKED 2026-01-02T03:04:05.700000Z
    at demo.Store.put(Store.java:12)
    - waiting to lock <java.lang.Object@1e674466>
    at java.base/java.lang.Thread.run(Thread.java:1474)

#16 "odd "name" #3" TIMED_WAITING 2026-01-02T03:04:05.700000Z
    at java.base/java.lang.Thread.sleepNanos0(Native Method)
    at demo.Store.put(Store.java:14)
    - locked <java.lang.Object@1e674466>

`;

/** Drawn after JDK 25's JSON. */
export const json25 = `{
  "threadDump": {
    "processId": "4711",
    "time": "2026-01-02T03:04:05.678Z",
    "runtimeVersion": "25.0.3+9-LTS",
    "threadContainers": [
      {
        "container": "<root>",
        "parent": null,
        "owner": null,
        "threads": [
          {
            "tid": "17",
            "name": "blocked \\"{[é\\u00e9",
            "state": "BLOCKED",
            "blockedOn": "java.lang.Object@1e674466",
            "stack": ["demo.Store.put(Store.java:12)", "java.base\\/java.lang.Thread.run(Thread.java:1474)"]
          },
          {
            "tid": "16",
            "name": "holder",
            "state": "TIMED_WAITING",
            "stack": ["java.base\\/java.lang.Thread.sleepNanos0(Native Method)", "demo.Store.put(Store.java:14)"],
            "monitorsOwned": [{ "depth": 1, "locks": ["java.lang.Object@1e674466"] }]
          },
          {
            "tid": "32",
            "virtual": true,
            "name": "",
            "state": "TIMED_WAITING",
            "stack": ["java.base\\/jdk.internal.misc.Unsafe.park(Native Method)", "java.base\\/java.lang.VirtualThread.parkOnCarrierThread(VirtualThread.java:819)"],
            "carrier": "31"
          }
        ],
        "threadCount": "3"
      }
    ]
  }
}
`;

/** Drawn after Spring Boot's Actuator. */
export const actuator = `{"threads":[
{"threadName":"http-nio-8080-exec-1","threadId":31,"blockedTime":-1,"blockedCount":2,"lockName":"java.util.concurrent.locks.ReentrantLock$NonfairSync@2cd53314","lockOwnerId":32,"lockOwnerName":"http-nio-8080-exec-2","daemon":true,"inNative":false,"threadState":"WAITING","priority":5,
"stackTrace":[{"methodName":"park","fileName":"Unsafe.java","lineNumber":-2,"className":"jdk.internal.misc.Unsafe","nativeMethod":true,"moduleName":"java.base"},{"methodName":"put","fileName":"Store.java","lineNumber":12,"className":"demo.Store","nativeMethod":false}],
"lockedMonitors":[],"lockedSynchronizers":[]},
{"threadName":"http-nio-8080-exec-2","threadId":32,"lockOwnerId":-1,"daemon":true,"threadState":"RUNNABLE",
"stackTrace":[{"methodName":"run","fileName":"Store.java","lineNumber":20,"className":"demo.Store","nativeMethod":false}],
"lockedMonitors":[{"className":"demo.Store","identityHashCode":31,"lockedStackDepth":0}],
"lockedSynchronizers":[{"className":"java.util.concurrent.locks.ReentrantLock$NonfairSync","identityHashCode":752169748}]}
]}`;

/** Drawn after `ThreadInfo.toString()`. */
export const threadInfo = `"http-1" daemon prio=5 Id=31 WAITING on java.util.concurrent.locks.ReentrantLock$NonfairSync@2cd53314 owned by "http-2" Id=32
\tat java.base@17.0.15/jdk.internal.misc.Unsafe.park(Native Method)
\t-  waiting on java.util.concurrent.locks.ReentrantLock$NonfairSync@2cd53314
\tat app//demo.Store.put(Store.java:12)
\t-  locked demo.Session@1f

"http-2" prio=5 Id=32 RUNNABLE (in native)
\tat app//demo.Store.run(Store.java:20)
\t...

\tNumber of locked synchronizers = 1
\t- java.util.concurrent.locks.ReentrantLock$NonfairSync@2cd53314

`;

/** Drawn after Hadoop's \`/stacks\`. */
export const stacksPage = `Process Thread Dump: jsp requested
2 active threads
Thread 58 (IPC Server handler 3 on 8020):
  State: BLOCKED
  Blocked count: 5
  Waited count: 100
  Blocked on java.lang.Object@1b2c
  Blocked by 12 (flusher)
  Stack:
    demo.Namesystem.write(Namesystem.java:40)
    java.lang.Thread.run(Thread.java:750)
Thread 12 (flusher):
  State: RUNNABLE
  Blocked count: 0
  Waited count: 0
  Stack:
    sun.nio.ch.FileDispatcherImpl.force0(Native Method)
    demo.Journal.sync(Journal.java:9)

`;

export const samples: Readonly<Record<string, string>> = {
  jdk5,
  jdk7,
  jdk17,
  jdk21,
  agent8,
  filed21,
  filed25,
  json25,
  actuator,
  threadInfo,
  stacksPage,
};

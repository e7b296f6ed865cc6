/** Real: JDK 25, `Thread.print -l` of fixtures/threads with `deadlock virtual`, some of its threads; the list of addresses is shortened. */
export const threadPrint25 = `2026-11-25 03:53:49
Full thread dump OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing):

Threads class SMR info:
_java_thread_list=0x00007f1c18002dd0, length=11, elements={
0x00007f1c4402a8b0, 0x00007f1c4406f5d0
}

"main" #3 [23483] prio=5 os_prio=0 cpu=62.62ms elapsed=3.64s tid=0x00007f1c4402a8b0 nid=23483 waiting on condition  [0x00007f1c4bbfe000]
   java.lang.Thread.State: TIMED_WAITING (sleeping)
\tat java.lang.Thread.sleepNanos0(java.base@25.0.3/Native Method)
\tat java.lang.Thread.sleepNanos(java.base@25.0.3/Thread.java:509)
\tat java.lang.Thread.sleep(java.base@25.0.3/Thread.java:540)
\tat Threads.sleepLong(Threads.java:138)
\tat Threads.main(Threads.java:49)

   Locked ownable synchronizers:
\t- None

"waits for a class" #24 [23504] daemon prio=5 os_prio=0 cpu=0.19ms elapsed=3.58s tid=0x00007f1c440a13d0 nid=23504 in Object.wait()  [0x00007f1c4a470000]
   java.lang.Thread.State: RUNNABLE
\tat Threads.initialise(Threads.java:128)
\t- waiting on the Class initialization monitor for Threads$Slow
\tat Threads$$Lambda/0x0000000091041660.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- None

"monitor-1" #25 [23505] daemon prio=5 os_prio=0 cpu=0.18ms elapsed=3.58s tid=0x00007f1c440ab9c0 nid=23505 waiting for monitor entry  [0x00007f1c4a370000]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat Threads.lockBoth(Threads.java:66)
\t- waiting to lock <0x00000000fc019090> (a java.lang.Object)
\t- locked <0x00000000fc019080> (a java.lang.Object)
\tat Threads.lambda$deadlock$3(Threads.java:54)
\tat Threads$$Lambda/0x0000000091041888.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- None

"monitor-2" #26 [23506] daemon prio=5 os_prio=0 cpu=0.15ms elapsed=3.58s tid=0x00007f1c440ad2b0 nid=23506 waiting for monitor entry  [0x00007f1c4a270000]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat Threads.lockBoth(Threads.java:66)
\t- waiting to lock <0x00000000fc019080> (a java.lang.Object)
\t- locked <0x00000000fc019090> (a java.lang.Object)
\tat Threads.lambda$deadlock$4(Threads.java:55)
\tat Threads$$Lambda/0x0000000091041ab8.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- None

"lock-1" #27 [23507] daemon prio=5 os_prio=0 cpu=0.19ms elapsed=3.58s tid=0x00007f1c440aec50 nid=23507 waiting on condition  [0x00007f1c4a170000]
   java.lang.Thread.State: WAITING (parking)
\tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)
\t- parking to wait for  <0x00000000fc0191d8> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
\tat java.util.concurrent.locks.LockSupport.park(java.base@25.0.3/LockSupport.java:223)
\tat java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire(java.base@25.0.3/AbstractQueuedSynchronizer.java:790)
\tat java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire(java.base@25.0.3/AbstractQueuedSynchronizer.java:1030)
\tat java.util.concurrent.locks.ReentrantLock$Sync.lock(java.base@25.0.3/ReentrantLock.java:154)
\tat java.util.concurrent.locks.ReentrantLock.lock(java.base@25.0.3/ReentrantLock.java:323)
\tat Threads.lockBoth(Threads.java:74)
\tat Threads.lambda$deadlock$5(Threads.java:57)
\tat Threads$$Lambda/0x0000000091041ce8.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- <0x00000000fc0191a8> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

"odd "name" #7 [8] daemon prio=9" #22 [23502] daemon prio=5 os_prio=0 cpu=0.15ms elapsed=3.59s tid=0x00007f1c4409e8e0 nid=23502 waiting on condition  [0x00007f1c4a670000]
   java.lang.Thread.State: TIMED_WAITING (sleeping)
\tat java.lang.Thread.sleepNanos0(java.base@25.0.3/Native Method)
\tat java.lang.Thread.sleepNanos(java.base@25.0.3/Thread.java:509)
\tat java.lang.Thread.sleep(java.base@25.0.3/Thread.java:540)
\tat Threads.sleepLong(Threads.java:138)
\tat Threads$$Lambda/0x0000000091041000.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- None

"waiting" #18 [23498] daemon prio=5 os_prio=0 cpu=0.19ms elapsed=3.59s tid=0x00007f1c44099620 nid=23498 in Object.wait()  [0x00007f1c4aa70000]
   java.lang.Thread.State: WAITING (on object monitor)
\tat java.lang.Object.wait0(java.base@25.0.3/Native Method)
\t- waiting on <0x00000000fc019070> (a java.lang.Object)
\tat java.lang.Object.wait(java.base@25.0.3/Object.java:389)
\tat java.lang.Object.wait(java.base@25.0.3/Object.java:351)
\tat Threads.waitForEver(Threads.java:112)
\t- locked <0x00000000fc019070> (a java.lang.Object)
\tat Threads$$Lambda/0x0000000091040660.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

   Locked ownable synchronizers:
\t- None

"ForkJoinPool-1-worker-1" #31 [23510] daemon prio=5 os_prio=0 cpu=0.80ms elapsed=3.56s tid=0x00007f1c440bbe80  [0x00007f1c49e6f000]
   Carrying virtual thread #32
\tat jdk.internal.vm.Continuation.run(java.base@25.0.3/Continuation.java:251)
\tat java.lang.VirtualThread.runContinuation(java.base@25.0.3/VirtualThread.java:297)
\tat java.lang.VirtualThread$$Lambda/0x0000000091004948.run(java.base@25.0.3/Unknown Source)
\tat java.util.concurrent.ForkJoinTask$RunnableExecuteAction.compute(java.base@25.0.3/ForkJoinTask.java:1753)
\tat java.util.concurrent.ForkJoinTask$RunnableExecuteAction.compute(java.base@25.0.3/ForkJoinTask.java:1745)
\tat java.util.concurrent.ForkJoinTask$InterruptibleTask.exec(java.base@25.0.3/ForkJoinTask.java:1662)
\tat java.util.concurrent.ForkJoinTask.doExec(java.base@25.0.3/ForkJoinTask.java:511)
\tat java.util.concurrent.ForkJoinPool$WorkQueue.topLevelExec(java.base@25.0.3/ForkJoinPool.java:1450)
\tat java.util.concurrent.ForkJoinPool.runWorker(java.base@25.0.3/ForkJoinPool.java:2019)
\tat java.util.concurrent.ForkJoinWorkerThread.run(java.base@25.0.3/ForkJoinWorkerThread.java:187)
   Mounted virtual thread #32
\tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)
\tat java.lang.VirtualThread.parkOnCarrierThread(java.base@25.0.3/VirtualThread.java:819)
\tat java.lang.VirtualThread.parkNanos(java.base@25.0.3/VirtualThread.java:798)
\tat java.lang.VirtualThread.sleepNanos(java.base@25.0.3/VirtualThread.java:980)
\tat java.lang.Thread.sleepNanos(java.base@25.0.3/Thread.java:507)
\tat java.lang.Thread.sleep(java.base@25.0.3/Thread.java:540)
\tat Threads.sleepLong(Threads.java:138)
\tat Threads.slowly(Threads.java:132)
\tat Threads$Pinned.<clinit>(Threads.java:27)
\tat Threads.pin(Threads.java:91)
\tat Threads$$Lambda/0x0000000091043458.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.VirtualThread.run(java.base@25.0.3/VirtualThread.java:460)
\tat java.lang.VirtualThread$VThreadContinuation$1.run(java.base@25.0.3/VirtualThread.java:252)
\tat jdk.internal.vm.Continuation.enter0(java.base@25.0.3/Continuation.java:325)
\tat jdk.internal.vm.Continuation.enter(java.base@25.0.3/Continuation.java:316)

   Locked ownable synchronizers:
\t- None

"C2 CompilerThread0" #12 [23492] daemon prio=9 os_prio=0 cpu=7.75ms elapsed=3.62s tid=0x00007f1c4407f130 nid=23492 waiting on condition  [0x0000000000000000]
   java.lang.Thread.State: RUNNABLE
   No compile task

   Locked ownable synchronizers:
\t- None

"Service Thread" #10 [23490] daemon prio=9 os_prio=0 cpu=0.20ms elapsed=3.62s tid=0x00007f1c4407bb10 nid=23490 runnable  [0x0000000000000000]
   java.lang.Thread.State: RUNNABLE

   Locked ownable synchronizers:
\t- None

"VirtualThread-unblocker" #29 [23509] daemon prio=5 os_prio=0 cpu=0.15ms elapsed=3.56s tid=0x00007f1c440b9e00 nid=23509 runnable  [0x00007f1c49f70000]
   java.lang.Thread.State: RUNNABLE
\tat java.lang.VirtualThread.takeVirtualThreadListToUnblock(java.base@25.0.3/Native Method)
\tat java.lang.VirtualThread.unblockVirtualThreads(java.base@25.0.3/VirtualThread.java:1516)
\tat java.lang.VirtualThread$$Lambda/0x0000000091004278.run(java.base@25.0.3/Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)
\tat jdk.internal.misc.InnocuousThread.run(java.base@25.0.3/InnocuousThread.java:148)

   Locked ownable synchronizers:
\t- None

"VM Thread" os_prio=0 cpu=3.96ms elapsed=3.63s tid=0x00007f1c4406ac00 nid=23486 runnable  

JNI global refs: 4, weak refs: 0


Found one Java-level deadlock:
=============================
"monitor-1":
  waiting to lock monitor 0x00007f1c0801a1a0 (object 0x00000000fc019090, a java.lang.Object),
  which is held by "monitor-2"

"monitor-2":
  waiting to lock monitor 0x00007f1c04071590 (object 0x00000000fc019080, a java.lang.Object),
  which is held by "monitor-1"

Java stack information for the threads listed above:
===================================================
"monitor-1":
\tat Threads.lockBoth(Threads.java:66)
\t- waiting to lock <0x00000000fc019090> (a java.lang.Object)
\t- locked <0x00000000fc019080> (a java.lang.Object)
\tat Threads.lambda$deadlock$3(Threads.java:54)
\tat Threads$$Lambda/0x0000000091041888.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)
"monitor-2":
\tat Threads.lockBoth(Threads.java:66)
\t- waiting to lock <0x00000000fc019080> (a java.lang.Object)
\t- locked <0x00000000fc019090> (a java.lang.Object)
\tat Threads.lambda$deadlock$4(Threads.java:55)
\tat Threads$$Lambda/0x0000000091041ab8.run(Unknown Source)
\tat java.lang.Thread.runWith(java.base@25.0.3/Thread.java:1487)
\tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

Found one Java-level deadlock:
=============================
"lock-1":
  waiting for ownable synchronizer 0x00000000fc0191d8, (a java.util.concurrent.locks.ReentrantLock$NonfairSync),
  which is held by "lock-2"

"lock-2":
  waiting for ownable synchronizer 0x00000000fc0191a8, (a java.util.concurrent.locks.ReentrantLock$NonfairSync),
  which is held by "lock-1"

Java stack information for the threads listed above:
===================================================
"lock-1":
\tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)

Found 2 deadlocks.

`;

/** Drawn after the source of JDK 8: neither times nor modules, native ids in hex, one line for all JNI references. */
export const threadPrint8 = `2024-05-06 07:08:09
Full thread dump OpenJDK 64-Bit Server VM (25.402-b06 mixed mode):

"Attach Listener" #10 daemon prio=9 os_prio=0 tid=0x00007f3fd4001000 nid=0x1a2b waiting on condition [0x0000000000000000]
   java.lang.Thread.State: RUNNABLE

"worker" #9 prio=5 os_prio=0 tid=0x00007f40080f5800 nid=0x1a2a waiting for monitor entry [0x00007f3fe8bfe000]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat Demo.run(Demo.java:12)
\t- waiting to lock <0x00000000d5f1a0b8> (a java.lang.Class for Demo)
\t- eliminated <owner is scalar replaced> (a java.lang.StringBuffer)
\tat java.lang.Object.wait(Native Method)
\t- waiting on <no object reference available>
\tat java.lang.Thread.run(Thread.java:750)

"Finalizer" #3 daemon prio=8 os_prio=0 tid=0x00007f4008077000 nid=0x1a25 in Object.wait() [0x00007f3fe9f65000]
   java.lang.Thread.State: WAITING (on object monitor)
\tat java.lang.Object.wait(Native Method)
\t- waiting to re-lock in wait() <0x00000000d5f08ed8> (a java.lang.ref.ReferenceQueue$Lock)

"VM Thread" os_prio=0 tid=0x00007f400806d800 nid=0x1a23 runnable 

"GC task thread#0 (ParallelGC)" os_prio=0 tid=0x00007f400801f000 nid=0x1a21 runnable 

JNI global references: 213

`;

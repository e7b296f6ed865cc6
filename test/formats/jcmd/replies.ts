/** Real: JDK 17, -Xmx64m -XX:+UseSerialGC. */
export const heapInfoSerial17 = ` def new generation   total 19648K, used 1755K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)
  eden space 17472K,  10% used [0x00000000fc000000, 0x00000000fc1b6ef0, 0x00000000fd110000)
  from space 2176K,   0% used [0x00000000fd110000, 0x00000000fd110000, 0x00000000fd330000)
  to   space 2176K,   0% used [0x00000000fd330000, 0x00000000fd330000, 0x00000000fd550000)
 tenured generation   total 43712K, used 0K [0x00000000fd550000, 0x0000000100000000, 0x0000000100000000)
   the space 43712K,   0% used [0x00000000fd550000, 0x00000000fd550000, 0x00000000fd550200, 0x0000000100000000)
 Metaspace       used 132K, committed 320K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K
`;

/** Real: JDK 25, -Xms20m -Xmx64m -XX:+UseParallelGC. */
export const heapInfoParallel25 = `PSYoungGen      total 6144K, used 450K [0x00000000feb00000, 0x00000000ff180000, 0x0000000100000000)
 eden space 5632K, 8% used [0x00000000feb00000,0x00000000feb70a70,0x00000000ff080000)
 from space 512K, 0% used [0x00000000ff100000,0x00000000ff100000,0x00000000ff180000)
 to   space 512K, 0% used [0x00000000ff080000,0x00000000ff080000,0x00000000ff100000)
ParOldGen       total 13824K, used 1166K [0x00000000fc000000, 0x00000000fcd80000, 0x00000000feb00000)
 object space 13824K, 8% used [0x00000000fc000000,0x00000000fc123ab8,0x00000000fcd80000)
`;

/** Real: JDK 17, -Xmx64m -XX:+UseG1GC. */
export const heapInfoG117 = ` garbage-first heap   total 65536K, used 1316K [0x00000000fc000000, 0x0000000100000000)
  region size 1024K, 1 young (1024K), 0 survivors (0K)
 Metaspace       used 77K, committed 320K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K
`;

/** Real: JDK 25, -Xmx64m -XX:+UseG1GC. */
export const heapInfoG125 = `garbage-first heap   total reserved 65536K, committed 65536K, used 2190K [0x00000000fc000000, 0x0000000100000000)
 region size 1024K, 1 young (1024K), 0 survivors (0K)
`;

/** Real: JDK 25, -Xmx64m -XX:+UseZGC. */
export const heapInfoZ25 = `ZHeap            used 2M, capacity 64M, max capacity 64M
 Cache           62M (1)
  size classes   32M (1)
`;

/** Real: JDK 17, -Xmx64m -XX:+UseShenandoahGC. */
export const heapInfoShenandoah17 = `Shenandoah Heap
 65536K max, 65536K soft max, 65536K committed, 1280K used
 256 x 256K regions
Status: not cancelled
Reserved region:
 - [0x00000000fc000000, 0x0000000100000000) 
Collection set:
 - map (vanilla): 0x0000000000013f00
 - map (biased):  0x0000000000010000

 Metaspace       used 133K, committed 384K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K
`;

/** Real: JDK 17. */
export const codeCache17 = `CodeHeap 'non-profiled nmethods': size=120036Kb used=1Kb max_used=1Kb free=120034Kb
 bounds [0x00007f57b8ec7000, 0x00007f57b9137000, 0x00007f57c0400000]
CodeHeap 'profiled nmethods': size=120032Kb used=4Kb max_used=4Kb free=120027Kb
 bounds [0x00007f57b1400000, 0x00007f57b1670000, 0x00007f57b8938000]
CodeHeap 'non-nmethods': size=5692Kb used=1023Kb max_used=1034Kb free=4668Kb
 bounds [0x00007f57b8938000, 0x00007f57b8ba8000, 0x00007f57b8ec7000]
 total_blobs=285 nmethods=5 adapters=195
 compilation: enabled
              stopped_count=0, restarted_count=0
 full_count=0
`;

/** Real: JDK 25. */
export const codeCache25 = `CodeHeap 'non-profiled nmethods': size=120036Kb used=2Kb max_used=2Kb free=120033Kb
 bounds [0x00007fb4b3ec7000, 0x00007fb4b4137000, 0x00007fb4bb400000]
CodeHeap 'profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
 bounds [0x00007fb4ac3ff000, 0x00007fb4ac66f000, 0x00007fb4b3938000]
CodeHeap 'non-nmethods': size=5692Kb used=1202Kb max_used=1207Kb free=4489Kb
 bounds [0x00007fb4b3938000, 0x00007fb4b3ba8000, 0x00007fb4b3ec7000]
CodeCache: size=245764Kb, used=1207Kb, max_used=1212Kb, free=244554Kb
 total_blobs=309, nmethods=7, adapters=208, full_count=0
Compilation: enabled, stopped_count=0, restarted_count=0
`;

/** Real: JDK 25, `VM.metaspace basic scale=1`, shortened. */
export const metaspaceBasic25 = `Metaspace        used 90K, committed 320K, reserved 1114112K
 class space     used 5K, committed 128K, reserved 1048576K

Usage:
  Non-class:  87032 bytes used.
      Class:   6136 bytes used.
       Both:  93168 bytes used.

Virtual space:
  Non-class space:  67108864 bytes reserved,  196608 bytes ( <1%) committed,  1 nodes.
      Class space:  1073741824 bytes reserved,  131072 bytes ( <1%) committed,  1 nodes.
             Both:  1140850688 bytes reserved,  327680 bytes ( <1%) committed. 

Chunk freelists:
   Non-Class:  12578816 bytes
       Class:  16513024 bytes
        Both:  29091840 bytes

MaxMetaspaceSize: unlimited
CompressedClassSpaceSize: 1073741824 bytes
Initial GC threshold: 22020096 bytes
Current GC threshold: 22020096 bytes
CDS: on
`;

/** Real: JDK 17, `VM.flags`, shortened. */
export const flags17 = `-XX:CICompilerCount=2 -XX:ConcGCThreads=1 -XX:MaxHeapSize=67108864 -XX:NativeMemoryTracking=summary -XX:+SegmentedCodeCache -XX:-THPStackMitigation -XX:+UseG1GC 
`;

/** Real: JDK 17, `VM.native_memory summary scale=b`, four of its categories. */
export const nativeMemory17 = `
Native Memory Tracking:

Total: reserved=1495959416, committed=91203448
       malloc: 2639736 #5467
       mmap:   reserved=1493319680, committed=88563712

-                 Java Heap (reserved=67108864, committed=67108864)
                            (mmap: reserved=67108864, committed=67108864) 
 
-                     Class (reserved=1073815279, committed=204527)
                            (classes #506)
                            (  instance classes #419, array classes #87)
                            (malloc=73455 #550) (at peak) 
                            (mmap: reserved=1073741824, committed=131072) 
                            (  Metadata:   )
                            (    reserved=67108864, committed=196608)
                            (    used=131344)
                            (    waste=65264 =33.19%)
                            (  Class space:)
                            (    reserved=1073741824, committed=131072)
                            (    used=3904)
                            (    waste=127168 =97.02%)
 
-                    Thread (reserved=14719776, committed=817952)
                            (thread #14)
                            (stack: reserved=14680064, committed=778240)
                            (malloc=24880 #88) (peak=33264 #92) 
                            (arena=14832 #26) (peak=75488 #18)
 
-    Native Memory Tracking (reserved=92480, committed=92480)
                            (malloc=5008 #74) (at peak) 
                            (tracking overhead=87472)
 
`;

/** Real: JDK 25 with ZGC (rows of a Kafka broker) and of a small program; the total is theirs. */
export const classHistogram25 = ` num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:         56453      149808592  [B (java.base@25.0.3)
   2:         21242        3243024  [Ljava.util.HashMap$Node; (java.base@25.0.3)
 201:           231           5544  org.apache.kafka.common.metrics.Sensor$$Lambda/0x00000000162c9090
 260:           134           3216  org.apache.kafka.common.metrics.Sensor$$Lambda/0x00000000162f5dc0
 313:            16            448  [[J (java.base@25.0.3)
3484:             1             16  Threads
Total         78077      153060840
`;

/** Real: JDK 25, with one virtual thread that is pinned to its carrier and one that waits. */
export const vthreadScheduler25 = `java.util.concurrent.ForkJoinPool@59cc983e[Running, parallelism = 2, size = 1, active = 1, running = 0, steals = 2, tasks = 0, submissions = 0]
`;

/** Real: JDK 17, `VM.info`, shortened; the environment is made up. */
export const vmInfo17 = `#
# JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6-Debian-1deb12u1)
# Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, g1 gc, linux-amd64)

---------------  S U M M A R Y ------------

Command Line: -XX:+UseG1GC -Xmx64m -XX:NativeMemoryTracking=summary Idle

Host: AMD EPYC, 2 cores, 23G, Debian GNU/Linux 12 (bookworm)
Time: Wed Nov 25 03:44:34 2026 UTC elapsed time: 4.292846 seconds (0d 0h 0m 4s)


Heap:
 garbage-first heap   total 10240K, used 1037K [0x00000000fc000000, 0x0000000100000000)
  region size 1024K, 0 young (0K), 0 survivors (0K)
 Metaspace       used 77K, committed 320K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K

Metaspace:

Usage:
  Non-class:     74.35 KB used.
      Class:      3.32 KB used.
       Both:     77.67 KB used.

Virtual space:
  Non-class space:       64.00 MB reserved,     192.00 KB ( <1%) committed,  1 nodes.
      Class space:        1.00 GB reserved,     128.00 KB ( <1%) committed,  1 nodes.
             Both:        1.06 GB reserved,     320.00 KB ( <1%) committed. 

Chunk freelists:
   Non-Class:  12.00 MB
       Class:  15.75 MB
        Both:  27.74 MB

MaxMetaspaceSize: unlimited
CompressedClassSpaceSize: 1.00 GB
Initial GC threshold: 21.00 MB
Current GC threshold: 21.00 MB
CDS: on

Internal statistics:

CodeHeap 'non-profiled nmethods': size=120036Kb used=1Kb max_used=1Kb free=120034Kb
 bounds [0x00007f57b8ec7000, 0x00007f57b9137000, 0x00007f57c0400000]
CodeHeap 'profiled nmethods': size=120032Kb used=4Kb max_used=4Kb free=120027Kb
 bounds [0x00007f57b1400000, 0x00007f57b1670000, 0x00007f57b8938000]
CodeHeap 'non-nmethods': size=5692Kb used=1023Kb max_used=1034Kb free=4668Kb
 bounds [0x00007f57b8938000, 0x00007f57b8ba8000, 0x00007f57b8ec7000]
 total_blobs=285 nmethods=5 adapters=195
 compilation: enabled
              stopped_count=0, restarted_count=0
 full_count=0

GC Heap History (2 events):
Event: 3.047 GC heap before
{Heap before GC invocations=0 (full 0):
 garbage-first heap   total 65536K, used 948K [0x00000000fc000000, 0x0000000100000000)
  region size 1024K, 1 young (1024K), 0 survivors (0K)
 Metaspace       used 77K, committed 320K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K
}
Event: 3.050 GC heap after
{Heap after GC invocations=1 (full 1):
 garbage-first heap   total 10240K, used 1037K [0x00000000fc000000, 0x0000000100000000)
  region size 1024K, 0 young (0K), 0 survivors (0K)
 Metaspace       used 77K, committed 320K, reserved 1114112K
  class space    used 3K, committed 128K, reserved 1048576K
}

Dynamic libraries:
fc000000-fc800000 rw-p 00000000 00:00 0 
7f57cfa38000-7f57cfa3a000 r--p 00000000 fe:00 315120                     /usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so
7f57cfa3a000-7f57cfa3d000 r-xp 00002000 fe:00 315120                     /usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so
7f57cfa3d000-7f57cfa3e000 r--p 00005000 fe:00 315120                     /usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so
7f57cfa3e000-7f57cfa3f000 r--p 00006000 fe:00 315120                     /usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so
7f57cfa3f000-7f57cfa40000 rw-p 00007000 fe:00 315120                     /usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so
7f57cfa4a000-7f57cfa4b000 r--p 00000000 fe:00 325835                     /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
7f57cfa4b000-7f57cfa71000 r-xp 00001000 fe:00 325835                     /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
7f57cfa71000-7f57cfa7b000 r--p 00027000 fe:00 325835                     /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2

VM Arguments:
jvm_args: -XX:+UseG1GC -Xmx64m -XX:NativeMemoryTracking=summary 
java_command: Idle
java_class_path (initial): cls
Launcher Type: SUN_STANDARD

Environment Variables:
PATH=/usr/bin
JDK_JAVA_OPTIONS=-Dpassword=secret

Native Memory Tracking:

(Omitting categories weighting less than 1KB)

Total: reserved=1509869KB, committed=74621KB
       malloc: 10413KB #3976
       mmap:   reserved=1499456KB, committed=64208KB

-                 Java Heap (reserved=65536KB, committed=10240KB)
                            (mmap: reserved=65536KB, committed=10240KB) 
 
Preinit state:entries: 342 (primary: 323, empties: 7596), sum bytes: 9941, longest chain length: 2

Periodic native trim disabled

---------------  S Y S T E M  ---------------

uname: Linux 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_64
OS uptime: 0 days 0:15 hours
libc: glibc 2.36 NPTL 2.36 
rlimit (soft/hard): STACK 8192k/infinity , CORE 0k/infinity , NPROC 96365/96365 , NOFILE 20000/20000 , AS infinity/infinity , CPU infinity/infinity , DATA infinity/infinity , FSIZE infinity/infinity , MEMLOCK 8192k/8192k

/proc/meminfo:
MemTotal:       24684092 kB
MemFree:        23651352 kB
MemAvailable:   24216184 kB

Process Memory:
Virtual Size: 2643348K (peak: 2701144K)
Resident Set Size: 40948K (peak: 40948K) (anon: 20180K, file: 20768K, shmem: 0K)
Swapped out: 0K
C-Heap outstanding allocations: 10833K, retained: 1890K
glibc malloc tunables: (default)

container (cgroup) information:
container_type: cgroupv1
cpu_cpuset_cpus: 0-1
cpu_memory_nodes: 0
active_processor_count: 2
cpu_quota: no quota
cpu_period: 100000
cpu_shares: no shares
memory_limit_in_bytes: unlimited
memory_and_swap_limit_in_bytes: unlimited
memory_soft_limit_in_bytes: unlimited
memory_usage_in_bytes: 75388 k
memory_max_usage_in_bytes: 78760 k
kernel_memory_limit_in_bytes: unlimited
kernel_memory_usage_in_bytes: 2380 k
kernel_memory_max_usage_in_bytes: 2684 k
maximum number of tasks: not supported
current number of tasks: not supported

END.
`;

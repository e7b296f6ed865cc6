/** What grows in a category of native memory tracking, and one thing to do about it. */
const advices: Readonly<Record<string, string>> = {
  Class:
    "Classes are loaded and not unloaded: jcmd PID VM.classloader_stats names the loaders; a heap dump says who holds them (heap/class-loader-leak).",
  Metaspace:
    "Classes are loaded and not unloaded: jcmd PID VM.classloader_stats names the loaders; a heap dump says who holds them (heap/class-loader-leak).",
  Thread: "Threads are started and do not end: take thread dumps a minute apart and look at the pools that grow.",
  "Thread Stack":
    "Threads are started and do not end: take thread dumps a minute apart and look at the pools that grow.",
  Other:
    "These are direct buffers and Unsafe.allocateMemory: compare the buffer pools of java.nio, take a heap dump (heap/direct-memory), or run asprof -e nativemem for the Java stacks.",
  Internal:
    "On JDK 8 these are direct buffers; on later ones agents (JVMTI) and perf counters: try without the agents.",
  Code: "Compiled code fills its cache: jcmd PID Compiler.codecache shows how much is left.",
  GC: "Structures of the collector grow with the heap and with references between its parts: compare the heap's size first.",
  Compiler:
    "Arenas of the compilers: a peak while a big method is compiled is no leak. jcmd PID Compiler.memory names the methods (JDK 22 and later).",
  Symbol: "Symbols are names of classes and methods: classes are generated without end, or strings are interned.",
  "String Deduplication": "The table of deduplicated strings follows the number of strings in the heap.",
  Arguments: "The JVM's own command line: this should not grow.",
  "Native Memory Tracking":
    "The tracking's own cost follows the number of allocations: the other categories say whose.",
  Tracing: "Buffers of a flight recording; they stop when it does.",
  "Object Monitors": "Monitors of locks that threads wait for: jprof analyze thread dumps to see which.",
};

/** What to do about a category that grows. */
export function nmtAdvice(category: string): string {
  return (
    advices[category] ??
    "Take jcmd PID VM.native_memory detail.diff (needs -XX:NativeMemoryTracking=detail): it names the call sites that grow."
  );
}

import {
  classCount,
  codeCacheCompilationEnabled,
  memoryLimit,
  memoryUsed,
  nmtCommitted,
  processMemoryUsage,
} from "../metrics.ts";
import { fits, is, selectIn, sum } from "../promql.ts";
import { ignoring, steadyGrowth } from "./growth.ts";
import { recorded } from "./recordings.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();
const mebibyte = 1024 * 1024;

/** Memory outside the heap. */
export function nativeAlerts(pace: Pace): RuleGroup {
  return {
    name: "jprof-native",
    recordings: [],
    alerts: [
      untrackedGrowth(pace),
      categoryGrowth(pace),
      metaspaceGrowth(pace),
      metaspaceFull(pace),
      codeCacheFull(pace),
      noCompiler(pace),
    ],
  };
}

function untrackedGrowth(pace: Pace): Alert {
  const floor = recorded.untrackedFloor;
  return {
    name: "UntrackedNativeGrowth",
    severity: "warning",
    expression: `${steadyGrowth({ pace, floor, atLeast: 128 * mebibyte, atLeastShare: 0.1 })}
and (${floor} offset ${pace.span(180)}) > 0
and ${floor} > 0.1 * ${select(processMemoryUsage)}`,
    for: pace.span(15),
    summary: `${who}: {{ $value | humanize1024 }}B more memory in three hours that the JVM knows nothing of`,
    description:
      "Resident memory grows that Native Memory Tracking does not account for: a native library, the allocator, or files mapped by hand.",
  };
}

function categoryGrowth(pace: Pace): Alert {
  return {
    name: "NativeMemoryGrowing",
    severity: "warning",
    expression: steadyGrowth({
      pace,
      floor: recorded.nmtFloor,
      atLeast: 64 * mebibyte,
      atLeastShare: 0.2,
      labels: nmtCommitted.labels,
    }),
    for: pace.span(15),
    summary: `${who}: native memory for {{ $labels.jprof_nmt_category }} grew by {{ $value | humanize1024 }}B in three hours`,
    description:
      "And it grew in each of these hours. `Other` is direct buffers and Unsafe, `Internal` and `Arena Chunk` the JVM itself.",
  };
}

function metaspaceGrowth(pace: Pace): Alert {
  const used = select(memoryUsed, is("jvm.memory.pool.name", "Metaspace"));
  const window = pace.span(180);
  const { labels } = memoryUsed;
  return {
    name: "MetaspaceGrowing",
    severity: "warning",
    expression: `${steadyGrowth({ pace, floor: used, atLeast: 16 * mebibyte, atLeastShare: 0.1, labels })}
and ${ignoring(labels)}${select(classCount)} - (${select(classCount)} offset ${window}) > 500`,
    for: pace.span(30),
    summary: `${who}: metaspace grew by {{ $value | humanize1024 }}B in three hours, with its classes`,
    description:
      "New classes are loaded hour after hour and none goes: class loaders leak, or code is generated without a cache.",
  };
}

function metaspaceFull(pace: Pace): Alert {
  const pools = fits("jvm.memory.pool.name", "Metaspace|Compressed Class Space");
  return {
    name: "MetaspaceNearlyFull",
    severity: "warning",
    expression: `${select(memoryUsed, pools)} / ${select(memoryLimit, pools)} > 0.9`,
    for: pace.span(15),
    summary: `${who}: {{ $labels.jvm_memory_pool_name }} is {{ $value | humanizePercentage }} full`,
    description:
      "When it is full the JVM collects the whole heap to unload classes, and then throws an OutOfMemoryError.",
  };
}

function codeCacheFull(pace: Pace): Alert {
  const pools = fits("jvm.memory.pool.name", "CodeHeap.*|CodeCache|Code Cache");
  return {
    name: "CodeCacheNearlyFull",
    severity: "warning",
    expression: `${sum(memoryUsed, select(memoryUsed, pools))} / ${sum(memoryLimit, select(memoryLimit, pools))} > 0.9`,
    for: pace.span(15),
    summary: `${who}: the code cache is {{ $value | humanizePercentage }} full`,
    description: "When it is full the JVM stops compiling, and new code runs interpreted, many times slower.",
  };
}

function noCompiler(pace: Pace): Alert {
  return {
    name: "CompilationDisabled",
    severity: "critical",
    expression: `${select(codeCacheCompilationEnabled)} == 0`,
    for: pace.span(5),
    summary: `${who}: the JVM has stopped compiling (compilation enabled: {{ $value }})`,
    description: "The code cache was full. What is not compiled yet runs interpreted, many times slower.",
  };
}

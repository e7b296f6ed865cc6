/**
 * Types that become tables unless others are asked for: what analyzers look at. Not among them are samples (they are profiles),
 * types of many rows that nothing looks at, and those that tell what is private: `jdk.InitialEnvironmentVariable`,
 * `jdk.InitialSystemProperty`, `jdk.SystemProcess`, `jdk.StringFlag`, `jdk.ThreadDump`, messages of exceptions.
 */
export const defaultTables: readonly string[] = [
  ...jdk("ActiveRecording JVMInformation OSInformation CPUInformation VirtualizationInformation JavaAgent NativeAgent"),
  ...jdk("ClassDefine ObjectAllocationOutsideTLAB"),
  ...jdk("DataLoss DumpReason Shutdown CPUTimeSamplesLost Flush"),
  ...jdk("BooleanFlag IntFlag UnsignedIntFlag LongFlag UnsignedLongFlag DoubleFlag"),
  ...jdk("BooleanFlagChanged IntFlagChanged UnsignedIntFlagChanged LongFlagChanged UnsignedLongFlagChanged"),
  ...jdk(
    "GarbageCollection YoungGarbageCollection OldGarbageCollection ParallelOldGarbageCollection G1GarbageCollection",
  ),
  ...jdk("ZYoungGarbageCollection ZOldGarbageCollection ZAllocationStall ZPageAllocation ZUncommit ZRelocationSet"),
  ...jdk(
    "GCPhasePause GCPhasePauseLevel1 GCPhasePauseLevel2 GCPhaseConcurrent GCCPUTime GCReferenceStatistics SystemGC GCLocker",
  ),
  ...jdk("GCHeapSummary GCHeapMemoryUsage GCHeapMemoryPoolUsage G1HeapSummary PSHeapSummary MetaspaceSummary"),
  ...jdk(
    "GCConfiguration GCHeapConfiguration GCSurvivorConfiguration GCTLABConfiguration YoungGenerationConfiguration",
  ),
  ...jdk(
    "G1MMU G1EvacuationOldStatistics G1AdaptiveIHOP G1BasicIHOP EvacuationInformation EvacuationFailed PromotionFailed ConcurrentModeFailure",
  ),
  ...jdk("AllocationRequiringGC MetaspaceGCThreshold MetaspaceAllocationFailure MetaspaceOOM TenuringDistribution"),
  ...jdk("ObjectCount ObjectCountAfterGC HeapDump ShenandoahHeapRegionInformation ShenandoahEvacuationInformation"),
  ...jdk("SafepointBegin SafepointEnd SafepointStateSynchronization SafepointLatency ExecuteVMOperation"),
  ...jdk(
    "CPULoad ThreadCPULoad ThreadContextSwitchRate CPUTimeStampCounter NetworkUtilization PhysicalMemory SwapSpace",
  ),
  ...jdk(
    "JavaThreadStatistics ThreadAllocationStatistics ThreadStart ThreadEnd VirtualThreadPinned VirtualThreadSubmitFailed",
  ),
  ...jdk("ClassLoadingStatistics ClassLoaderStatistics ClassRedefinition RedefineClasses RetransformClasses"),
  ...jdk("CodeCacheStatistics CodeCacheConfiguration CodeCacheFull CodeSweeperStatistics SweepCodeCache JITRestart"),
  ...jdk(
    "CompilerConfiguration CompilerStatistics CompilerQueueUtilization Compilation CompilationFailure Deoptimization",
  ),
  ...jdk("ContainerConfiguration ContainerCPUUsage ContainerCPUThrottling ContainerMemoryUsage ContainerIOUsage"),
  ...jdk("NativeMemoryUsage NativeMemoryUsageTotal ResidentSetSize DirectBufferStatistics NativeLibraryLoad"),
  ...jdk("StringTableStatistics SymbolTableStatistics FinalizerStatistics ExceptionStatistics JavaMonitorStatistics"),
  ...jdk("OldObjectSample FileRead FileWrite FileForce SocketRead SocketWrite SocketConnect TLSHandshake"),
  ...jdk("JavaMonitorEnter JavaMonitorWait JavaMonitorInflate ThreadPark ThreadSleep BiasedLockRevocation"),
  ...jdk("BiasedLockClassRevocation BiasedLockSelfRevocation MethodTiming MethodTrace DeprecatedInvocation"),
  ...["profiler.Log", "profiler.Window", "profiler.Span", "profiler.NativeLock", "profiler.ProcessSample"],
  ...["datadog.QueueTime", "datadog.TaskBlock", "datadog.HeapUsage", "datadog.WallClockSamplingEpoch"],
  ...["datadog.NativeSocketEvent"],
];

function jdk(names: string): readonly string[] {
  return names.split(" ").map((name) => `jdk.${name}`);
}

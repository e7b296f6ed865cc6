/** `java 4711/4712 [003] 8462.123456:   10101010 cpu-clock:u: `: name, process, thread, time, period, event. */
export const sampleHeader =
  /^(?<name>\S.*?)\s+(?<process>\d+)(?:\/(?<thread>\d+))?(?:\s+\[\d+\])?(?:\s+[\w.-]{4,6})?\s+(?<time>\d+\.\d+):\s+(?:(?<period>\d+)\s+)?(?<event>[\w./:,=-]+?):[\w]*:?\s*(?<leaf>[0-9a-f]+\s.*)?$/;
/** `	    7f3a0c0f5b4c Interpreter+0x1c (/tmp/perf-4711.map)` */
export const sampleFrame = /^\s+([0-9a-f]+) (.*?)(?: \(([^()]*(?:\([^()]*\))?[^()]*)\))?$/;

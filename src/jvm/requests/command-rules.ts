import type { Impact, Policy } from "../../model/policy.ts";
import type { ParsedCommand } from "./parsed-command.ts";

/**
 * What a command makes the JVM's threads wait for. `none`: it takes no safepoint. `delay`: none either, but a stop that
 * the JVM makes meanwhile is longer by what is left of the command. The others stop all threads, for as long as it takes
 * to look at the heap, to collect it, to write it out, or to walk the threads or the classes.
 */
export type Stop = "none" | "delay" | "heap" | "collection" | "dump" | "threads" | "classes";

/** What is known of a command before it is sent. */
export interface CommandRule {
  readonly needs: Policy;
  /** As the JVM declares it; undefined where it was not asked. */
  readonly impact: Impact | undefined;
  readonly stop: Stop;
}

interface KnownCommand {
  readonly impact: Impact;
  /** The first whose `args` fits; no `args` fits any. */
  readonly forms: readonly (Omit<CommandRule, "impact"> & { readonly args?: RegExp })[];
}

const observe = { needs: "observe", stop: "none" } as const;
const delay = { needs: "diagnose", stop: "delay" } as const;
const classes = { needs: "diagnose", stop: "classes" } as const;
const heap = { needs: "diagnose", stop: "heap" } as const;
const collection = { needs: "intrude", stop: "collection" } as const;
const change = { needs: "intrude", stop: "delay" } as const;

/**
 * Each row was run on OpenJDK 17.0.15 and Temurin 25.0.3 with G1, ZGC, Serial, Parallel and Shenandoah, under
 * -Xlog:safepoint*=debug,handshake*=info and -XX:GuaranteedSafepointInterval=0, on an idle JVM whose log grows by nothing
 * else. What `observe` allows logged neither a safepoint nor a handshake on any of the ten, nor in 5,400 commands in a row.
 *
 * A command that takes no safepoint still holds up one that the JVM wants meanwhile. Sent without a pause to a JVM with
 * 1,000 threads that collected 70 times a second, the 99th percentile of the time to reach a safepoint was 0.3 ms without
 * any; 11 ms with VM.native_memory, 0.3 to 4 ms with the others of `observe`; and with those of `delay` 25 ms
 * (Compiler.CodeHeap_Analytics), 43 (VM.dynlibs), 64 (VM.info), 118 (VM.flags -all) and 290 ms (System.map).
 *
 * The impact is what `help <command>` declares there. It says little of this: VM.classloader_stats, which takes a
 * safepoint, is "Low", and GC.heap_info, which takes none, "Medium".
 */
const known: ReadonlyMap<string, KnownCommand> = new Map<string, KnownCommand>([
  ["help", { impact: "low", forms: [observe] }],
  ["VM.version", { impact: "low", forms: [{ ...observe, args: /^$/ }, delay] }],
  ["VM.uptime", { impact: "low", forms: [{ ...observe, args: /^(-date)?$/ }, delay] }],
  ["VM.command_line", { impact: "low", forms: [{ ...observe, args: /^$/ }, delay] }],
  ["VM.flags", { impact: "low", forms: [{ ...observe, args: /^$/ }, delay] }],
  ["VM.events", { impact: "low", forms: [{ ...observe, args: /^((log|max)=\w+( |$))*$/ }, delay] }],
  ["VM.log", { impact: "low", forms: [{ ...observe, args: /^list$/ }, change] }],
  ["VM.metaspace", { impact: "medium", forms: [{ ...observe, args: /^basic( scale=\w+)?$/ }, classes] }],
  [
    "VM.native_memory",
    {
      impact: "medium",
      forms: [
        { ...observe, args: /^(summary)?( ?scale=\w+)?$/ },
        { ...delay, args: /^(detail|statistics|summary\.diff|detail\.diff)( scale=\w+)?$/ },
        // `baseline` forgets somebody else's baseline, `shutdown` ends the tracking.
        change,
      ],
    },
  ],
  ["GC.heap_info", { impact: "medium", forms: [{ ...observe, args: /^$/ }, delay] }],
  ["Compiler.codecache", { impact: "low", forms: [{ ...observe, args: /^$/ }, delay] }],

  ["VM.info", { impact: "low", forms: [delay] }],
  ["VM.dynlibs", { impact: "low", forms: [delay] }],
  ["VM.system_properties", { impact: "low", forms: [delay] }],
  ["GC.finalizer_info", { impact: "medium", forms: [delay] }],
  ["ManagementAgent.status", { impact: "low", forms: [delay] }],
  ["Compiler.CodeHeap_Analytics", { impact: "low", forms: [delay] }],
  ["Compiler.codelist", { impact: "medium", forms: [delay] }],
  ["Compiler.directives_print", { impact: "low", forms: [delay] }],
  ["Compiler.memory", { impact: "medium", forms: [delay] }],
  ["System.map", { impact: "medium", forms: [delay] }],
  ["System.native_heap_info", { impact: "low", forms: [delay] }],
  // In a JVM that has not used virtual threads yet, these start one thread, and three.
  ["Thread.vthread_scheduler", { impact: "low", forms: [delay] }],
  ["Thread.vthread_pollers", { impact: "low", forms: [delay] }],

  ["Compiler.queue", { impact: "low", forms: [classes] }],
  ["VM.class_hierarchy", { impact: "medium", forms: [classes] }],
  ["VM.classes", { impact: "medium", forms: [classes] }],
  ["VM.classloader_stats", { impact: "low", forms: [classes] }],
  ["VM.classloaders", { impact: "medium", forms: [classes] }],
  ["VM.stringtable", { impact: "medium", forms: [classes] }],
  ["VM.symboltable", { impact: "medium", forms: [classes] }],
  ["VM.systemdictionary", { impact: "medium", forms: [classes] }],
  // With -l it looks through the heap for locks.
  ["Thread.print", { impact: "medium", forms: [{ needs: "diagnose", stop: "threads", args: /^(-e)?$/ }, heap] }],
  ["GC.class_histogram", { impact: "high", forms: [{ ...heap, args: /^(-?parallel=\d+ )?-all$/ }, collection] }],

  ["GC.run", { impact: "medium", forms: [collection] }],
  ["GC.run_finalization", { impact: "medium", forms: [change] }],
  ["GC.heap_dump", { impact: "high", forms: [{ needs: "intrude", stop: "dump" }] }],
  ["VM.set_flag", { impact: "low", forms: [change] }],
  ["VM.cds", { impact: "medium", forms: [change] }],
  // They load nothing foreign and change no flag. Where no recording ever ran, the first of them loads the recorder, for which the JVM
  // redefines classes at two safepoints: 13 and 27 ms on JDK 17, 6 ms on 25. Each start and end of a recording takes one of 0.1 to 2 ms.
  ["JFR.check", { impact: "low", forms: [delay] }],
  ["JFR.configure", { impact: "low", forms: [{ ...delay, args: /^$/ }, change] }],
  ["JFR.dump", { impact: "low", forms: [delay] }],
  ["JFR.start", { impact: "medium", forms: [delay] }],
  ["JFR.stop", { impact: "low", forms: [delay] }],
  ["JFR.view", { impact: "medium", forms: [delay] }],
  ["JVMTI.agent_load", { impact: "low", forms: [change] }],
  ["JVMTI.data_dump", { impact: "high", forms: [change] }],
  ["ManagementAgent.start", { impact: "low", forms: [change] }],
  ["ManagementAgent.start_local", { impact: "low", forms: [change] }],
  ["ManagementAgent.stop", { impact: "low", forms: [change] }],
  ["Compiler.directives_add", { impact: "low", forms: [change] }],
  ["Compiler.directives_clear", { impact: "low", forms: [change] }],
  ["Compiler.directives_remove", { impact: "low", forms: [change] }],
  ["Compiler.perfmap", { impact: "low", forms: [change] }],
  ["System.dump_map", { impact: "medium", forms: [change] }],
  ["System.trim_native_heap", { impact: "low", forms: [change] }],
  ["Thread.dump_to_file", { impact: "medium", forms: [change] }],
  ["AOT.end_recording", { impact: "medium", forms: [change] }],
]);

/** What the table says of a command; undefined where it is not in it. */
export function knownRule({ name, args }: ParsedCommand): CommandRule | undefined {
  const command = known.get(name);
  const form = command?.forms.find((each) => each.args === undefined || each.args.test(args));
  if (command === undefined || form === undefined) return undefined;
  return { needs: form.needs, stop: form.stop, impact: command.impact };
}

/**
 * What to think of a command that is not in the table. The JVM's own word counts, but never for so much as to send it
 * under `observe`; and where its name says that it changes something, it is not believed to be harmless.
 */
export function ruleByImpact({ name }: ParsedCommand, impact: Impact | undefined): CommandRule {
  const isChange = /(^|[._])(add|clear|delete|disable|dump|enable|end|load|remove|reset|run|set|start|stop|trim)(_|$)/;
  if (isChange.test(name) || impact === "high" || impact === undefined) return { ...change, impact, stop: "heap" };
  return { needs: "diagnose", impact, stop: impact === "low" ? "delay" : "classes" };
}

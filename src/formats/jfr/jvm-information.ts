import type { RecordedJvm } from "../../model/recording.ts";
import { fieldOf } from "./event-filter.ts";
import type { Chunk, EventSink, EventType } from "./events.ts";

/** What `jdk.JVMInformation` told last. */
export class JvmInformation {
  #jvm: Omit<RecordedJvm, "startMillis" | "profiler"> & { readonly startSeconds: number | undefined } = {
    name: undefined,
    version: undefined,
    startSeconds: undefined,
    pid: undefined,
    jvmArguments: undefined,
    javaArguments: undefined,
  };

  sinkOf(type: EventType, chunk: Chunk): EventSink | undefined {
    if (type.name !== "jdk.JVMInformation") return undefined;
    return (slots) => {
      const text = (path: string) => {
        const field = fieldOf(type, path);
        return field === undefined ? undefined : chunk.text(field, slots[field.slot]!);
      };
      const number = (path: string) => {
        const slot = fieldOf(type, path)?.slot;
        return slot === undefined || !Number.isFinite(slots[slot]) ? undefined : slots[slot];
      };
      this.#jvm = {
        name: text("jvmName"),
        version: text("jvmVersion"),
        startSeconds: number("jvmStartTime"),
        pid: number("pid"),
        jvmArguments: text("jvmArguments"),
        javaArguments: text("javaArguments"),
      };
    };
  }

  finish(recordingStartMillis: number, profiler: string | undefined): RecordedJvm {
    const { startSeconds, ...jvm } = this.#jvm;
    const startMillis = startSeconds === undefined ? undefined : Math.round(recordingStartMillis + startSeconds * 1e3);
    return { ...jvm, startMillis, profiler };
  }
}

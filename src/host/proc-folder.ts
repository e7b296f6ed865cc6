import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { type Refusal, refusalOf } from "./read-text.ts";
import { type ProcessName, refuseOtherIn } from "./same-process.ts";

/**
 * The folder of one process in /proc, held by a descriptor: what is read through it is of that process, or fails once it has ended, even when
 * its pid is used again.
 */
export class ProcFolder {
  readonly #process: ProcessName;
  #descriptor: number | undefined;
  #isClosed = false;

  constructor(process: ProcessName) {
    this.#process = process;
  }

  /** A path to the folder that is good until it is closed; it is opened when it is first asked for. */
  open(): string | Refusal {
    if (this.#descriptor !== undefined) return pathOf(this.#descriptor);
    const { pid, procRoot } = this.#process;
    if (this.#isClosed) return { ok: false, code: "absent", reason: `process ${pid} is no longer watched` };
    const folder = join(procRoot, String(pid));
    try {
      const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
      const other = refuseOtherIn(pathOf(descriptor), this.#process);
      if (other === undefined) this.#descriptor = descriptor;
      else closeSync(descriptor);
      return other ?? pathOf(descriptor);
    } catch (error) {
      return refusalOf(error, folder);
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

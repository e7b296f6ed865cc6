import { setTimeout as sleep } from "node:timers/promises";
import type { RecordControl } from "../model/recorder.ts";

const lookMillis = 200;

/** Waits until the time is over or the capture is to end; false when nothing is to be kept. */
export async function waitFor(seconds: number, { finish, abort, progress }: RecordControl): Promise<boolean> {
  const began = performance.now();
  for (;;) {
    const goneSeconds = (performance.now() - began) / 1000;
    if (abort.aborted) return false;
    if (finish.aborted || goneSeconds >= seconds) return true;
    progress("recording", goneSeconds, seconds);
    const leftMillis = (seconds - goneSeconds) * 1000;
    // Cut short when the capture is to end, which the next round sees.
    await sleep(Math.min(lookMillis, leftMillis), undefined, { signal: AbortSignal.any([finish, abort]) }).catch(
      () => undefined,
    );
  }
}

import type { Profile, ProfileSet, ProfileThread } from "../../../src/model/profile.ts";
import { pagePayload } from "../../../src/reports/page-payload.ts";
import { type PageData, parsePageData, unpack } from "../../../src/reports/pages/page-data.ts";

/** A file with these profiles, and threads `pool-1`, `pool-2`, … of the pools that are named. */
export function setOf(profiles: readonly Profile[], changes: Partial<ProfileSet> = {}): ProfileSet {
  return { profiles, threads: [], startMillis: undefined, durationSeconds: undefined, ...changes };
}

export function threadOf(name: string, pool: string): ProfileThread {
  return { name, pool, javaId: undefined, osId: undefined, isVirtual: false };
}

/** What a page of these profiles works with, after the way through its payload. */
export async function pageDataOf(after: ProfileSet, before?: ProfileSet, maxCharacters = 1e7): Promise<PageData> {
  const payload = pagePayload(
    { after: { name: "after", set: after }, before: before && { name: "before", set: before } },
    maxCharacters,
  );
  if (payload === undefined) throw new RangeError("expected profiles, got none");
  return parsePageData(await unpack(payload));
}

/** `A;B;C` of a stack, the root first. */
export function pathOfStack({ header, stackFrame, stackCaller }: PageData, stack: number): string {
  const names: string[] = [];
  for (let at = stack; at >= 0; at = stackCaller[at]!) names.push(header.frames[stackFrame[at]!]!);
  return names.reverse().join(";");
}

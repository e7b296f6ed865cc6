/** What the name of a dump tells. */
export interface DumpName {
  readonly processId: number | undefined;
  readonly sequence: number | undefined;
}

/** `jeprof.4711.12.i12.heap`: process, number of the dump in it, and why it was written. `svc_4711.0012.heap` of gperftools. */
export function parseDumpName(path: string): DumpName {
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:gz|zst)$/, "");
  const jemalloc = /\.(\d{1,10})\.(\d{1,15})\.(?:[imu]\d{1,15}|f)\.heap$/.exec(file);
  if (jemalloc) return { processId: Number(jemalloc[1]), sequence: Number(jemalloc[2]) };
  const gperftools = /(?:[._](\d{1,10}))?\.(\d{4,15})\.heap$/.exec(file);
  if (!gperftools) return { processId: undefined, sequence: undefined };
  return {
    processId: gperftools[1] === undefined ? undefined : Number(gperftools[1]),
    sequence: Number(gperftools[2]),
  };
}

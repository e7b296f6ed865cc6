/** What the user wants of a JVM's collector; what is absent is not asked for. */
export interface Goal {
  /** No pause longer than this. */
  readonly pauseSeconds?: number;
  /** Share of the time that the program runs. */
  readonly throughput?: number;
  /** Times within which the program must answer somebody, by name: `lease`, `session`, `s3`. */
  readonly timeouts: readonly { readonly name: string; readonly seconds: number }[];
}

/** Called now and then from long work: what is going on, and how far it is. `total` 0 means: unknown. */
export type Progress = (phase: string, done: number, total: number) => void;

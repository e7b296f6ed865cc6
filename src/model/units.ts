export type Bytes = number;
export type Unit = "bytes" | "count" | "seconds" | "ratio";

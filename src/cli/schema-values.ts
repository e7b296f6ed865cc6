import { z } from "zod";

/** A size. */
export const bytes = z.number().nonnegative().describe("bytes");
/** How many. */
export const count = z.int().nonnegative();
/** A span of time. */
export const seconds = z.number().nonnegative().describe("seconds");
/** A share of the whole. */
export const ratio = z.number().min(0).max(1);
/** A class. */
export const className = z.string().describe("in source form: java.util.HashMap$Node, byte[]");
/** An object's id in its dump. */
export const objectId = z.string().regex(/^0x[0-9a-f]+$/);

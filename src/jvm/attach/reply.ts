/** A reply: `status LF text`. */
export interface AttachReply {
  /** 0: it worked, −1: it did not, and the text says why; 101: the protocol's version is not known. */
  readonly status: number;
  readonly text: string;
}

/** The status of a JVM that does not know the protocol's version. */
export const badVersion = 101;

/** Parses a whole reply; undefined where it does not begin with a status line. */
export function parseReply(bytes: Uint8Array): AttachReply | undefined {
  const head = /^(-?\d{1,9})\n/.exec(latin1Of(bytes.subarray(0, longestStatusLine)));
  if (head === null) return undefined;
  return { status: Number(head[1]), text: new TextDecoder().decode(bytes.subarray(head[0].length)) };
}

const longestStatusLine = 11;

function latin1Of(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

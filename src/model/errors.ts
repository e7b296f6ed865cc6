/** Input that cannot be read as what it claims to be; `offset` is the byte in the (decompressed) file. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  readonly offset: number | undefined;

  constructor(message: string, offset?: number, options?: ErrorOptions) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`, options);
    this.offset = offset;
  }
}

/** A JVM or file that cannot be reached, opened or asked. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}

/** Wrong usage or configuration; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

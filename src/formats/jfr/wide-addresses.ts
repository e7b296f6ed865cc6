/** Addresses that a double cannot hold: each has a negative number instead, the same for equal ones of a recording. */
export class WideAddresses {
  readonly #numbers = new Map<bigint, number>();
  readonly #addresses: bigint[] = [];

  /** The number that stands for an address of 64 bits. */
  standIn(address: bigint): number {
    const known = this.#numbers.get(address);
    if (known !== undefined) return known;
    const number = -this.#addresses.push(address);
    this.#numbers.set(address, number);
    return number;
  }

  /** The address of a number, stand-in or not. */
  address(value: number): bigint {
    if (value < 0) return this.#addresses[-value - 1] ?? 0n;
    return BigInt(Math.trunc(value));
  }
}

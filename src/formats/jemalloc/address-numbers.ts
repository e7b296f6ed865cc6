import { Float64Column } from "../../bytes/growable.ts";

/** Gives addresses dense numbers, equal ones the same, in the order in which they come. */
export class AddressNumbers {
  readonly #addresses = new Float64Column();
  /** A slot holds a number + 1, 0 is empty. */
  #slots = new Int32Array(1 << 12);

  get count(): number {
    return this.#addresses.length;
  }

  /** By number. */
  get addresses(): Float64Array {
    return this.#addresses.values;
  }

  numberOf(address: number): number {
    const mask = this.#slots.length - 1;
    const { values } = this.#addresses;
    let slot = hashOf(address) & mask;
    for (;;) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return this.#add(slot, address);
      if (values[number] === address) return number;
      slot = (slot + 1) & mask;
    }
  }

  #add(slot: number, address: number): number {
    const number = this.#addresses.length;
    this.#addresses.push(address);
    this.#slots[slot] = number + 1;
    if (number * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (const [number, address] of this.addresses.entries()) {
      let slot = hashOf(address) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(address: number): number {
  const high = Math.floor(address / 0x1_0000_0000);
  const hash = Math.imul(address ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

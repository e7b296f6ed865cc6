/** Who is told when rows go or change their number. */
export interface RowWatcher {
  dropped(row: number): void;
  moved(from: number, to: number): void;
}

const nobody: RowWatcher = { dropped: () => undefined, moved: () => undefined };

/** Rows of doubles in columns, at most so many: beyond that, of two neighbours the one with the greater weight stays. */
export class Rows {
  readonly #columns: Float64Array[];
  readonly #weightColumn: number;
  readonly #most: number;
  /** The last rows may still be written to, and stay as they are. */
  readonly #recent: number;
  length = 0;
  omitted = 0;

  constructor(columns: number, weightColumn: number, most = 1 << 15, recent = 512) {
    this.#columns = Array.from({ length: columns }, () => new Float64Array(256).fill(Number.NaN));
    this.#weightColumn = weightColumn;
    this.#most = most;
    this.#recent = recent;
  }

  /** A new row of NaN. */
  push(watcher: RowWatcher = nobody): number {
    if (this.length === this.#columns[0]!.length) this.#grow(watcher);
    return this.length++;
  }

  column(index: number): Float64Array {
    return this.#columns[index]!;
  }

  #grow(watcher: RowWatcher): void {
    if (this.length >= this.#most) {
      this.#thin(watcher);
      return;
    }
    for (const [index, column] of this.#columns.entries()) {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      larger.fill(Number.NaN, column.length);
      this.#columns[index] = larger;
    }
  }

  #thin(watcher: RowWatcher): void {
    const weight = this.#columns[this.#weightColumn]!;
    const settled = this.length - this.#recent - ((this.length - this.#recent) % 2);
    let to = 0;
    for (let row = 0; row < settled; row += 2) {
      const kept = weight[row + 1]! > weight[row]! ? row + 1 : row;
      watcher.dropped(kept === row ? row + 1 : row);
      this.#move(kept, to++);
    }
    for (let row = settled; row < this.length; row++) {
      this.#move(row, to);
      watcher.moved(row, to++);
    }
    this.omitted += this.length - to;
    for (const column of this.#columns) column.fill(Number.NaN, to, this.length);
    this.length = to;
  }

  #move(from: number, to: number): void {
    for (let index = 0; index < this.#columns.length; index++) {
      const column = this.#columns[index]!;
      column[to] = column[from]!;
    }
  }
}

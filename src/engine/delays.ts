import type {Clock} from './clock.ts';

interface Entry {
  readonly key: string;
  due: number;
  /** Order of arrival, so that what is due at the same time leaves in order. */
  order: number;
  index: number;
}

/** Keys that become due. A binary heap and one timer for all of them. */
export class Delays {
  readonly #clock: Clock;
  readonly #due: (key: string) => void;
  readonly #heap: Entry[] = [];
  readonly #entries = new Map<string, Entry>();
  #arrived = 0;
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock, due: (key: string) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Of two delays of one key the earlier counts. */
  add(key: string, seconds: number): void {
    const due = this.#clock.seconds() + seconds;
    const known = this.#entries.get(key);
    if (known !== undefined && known.due <= due) return;
    const entry = known ?? {key, due, order: 0, index: this.#heap.length};
    entry.due = due;
    entry.order = this.#arrived++;
    if (known === undefined) {
      this.#heap.push(entry);
      this.#entries.set(key, entry);
    }
    this.#rise(entry);
    this.#arm();
  }

  clear(): void {
    this.#heap.length = 0;
    this.#entries.clear();
    this.#arm();
  }

  #arm(): void {
    const due = this.#heap[0]?.due ?? Infinity;
    if (due === this.#armedFor) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = due;
    if (due === Infinity) return;
    this.#cancel = this.#clock.after(Math.max(0, due - this.#clock.seconds()), () => this.#fire());
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#armedFor = Infinity;
    const now = this.#clock.seconds();
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.#removeFirst();
      this.#due(first.key);
    }
    this.#arm();
  }

  #removeFirst(): void {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return;
    this.#entries.delete(first.key);
    if (first === last) return;
    this.#place(last, 0);
    this.#sink(last);
  }

  #rise(entry: Entry): void {
    while (entry.index > 0) {
      const above = (entry.index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || isBefore(parent, entry)) return;
      this.#place(parent, entry.index);
      this.#place(entry, above);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      if (left === undefined) return;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (isBefore(entry, child)) return;
      const below = child.index;
      this.#place(child, entry.index);
      this.#place(entry, below);
    }
  }

  #place(entry: Entry, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

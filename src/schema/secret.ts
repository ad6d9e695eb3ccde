// What node's own console and util.inspect ask for.
const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that cannot be printed by accident: JSON, string conversion and inspection show `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where it is written to its destination, and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toJSON(): string {
    return '[secret]';
  }

  toString(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}

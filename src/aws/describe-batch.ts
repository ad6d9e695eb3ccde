import {nameOf} from './errors.ts';
import type {LookAhead} from './look-ahead.ts';

/** One DescribeRepositories call for the names; throws what the SDK throws. */
export type Describe<R> = (names: readonly string[]) => Promise<readonly R[]>;

/** ECR takes 100 names a call. */
const mostNames = 100;
const notFound = 'RepositoryNotFoundException';
/** Errors that one name of a call may cause, so that the others deserve to be asked for without it. */
const causedByOne = new Set(['AccessDenied', 'AccessDeniedException', 'InvalidParameterException', 'ValidationException']);

interface Waiter<R> {
  readonly resolve: (value: R | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Describes repositories one by one for its callers, and a hundred at a time for AWS: callers of the same few milliseconds
 * share a call, and callers of the same name an answer; a call with room left takes along what will be asked for next.
 */
export class DescribeBatch<R extends {readonly repositoryName: string}> {
  readonly #describe: Describe<R>;
  readonly #windowMilliseconds: number;
  readonly #ahead: LookAhead<R>;
  #names = new Map<string, Waiter<R>[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(describe: Describe<R>, windowMilliseconds: number, ahead: LookAhead<R>) {
    this.#describe = describe;
    this.#windowMilliseconds = windowMilliseconds;
    this.#ahead = ahead;
  }

  /** `undefined` where there is no repository of that name. Rejects with what the SDK threw. */
  get(name: string): Promise<R | undefined> {
    const known = this.#ahead.take(name);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiters = this.#names.get(name) ?? [];
      waiters.push({resolve, reject});
      this.#names.set(name, waiters);
      if (this.#names.size >= mostNames) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#windowMilliseconds);
    });
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const names = this.#names;
    this.#names = new Map();
    const asked = new Set(names.keys());
    void this.#ask([...asked, ...this.#ahead.next(mostNames - asked.size, asked)], names);
  }

  /** Never rejects: each name's waiters get an answer or an error. */
  async #ask(names: readonly string[], waiters: ReadonlyMap<string, readonly Waiter<R>[]>): Promise<void> {
    const settle = (name: string, act: (waiter: Waiter<R>) => void) => {
      for (const waiter of waiters.get(name) ?? []) act(waiter);
    };
    const sent = this.#ahead.now();
    let asked = names;
    while (asked.length > 0) {
      try {
        const found = new Map((await this.#describe(asked)).map((repository) => [repository.repositoryName, repository]));
        for (const name of asked) {
          const repository = found.get(name);
          if (waiters.has(name)) this.#ahead.answered(name);
          else if (repository !== undefined) this.#ahead.hold(name, repository, sent);
          settle(name, ({resolve}) => resolve(repository));
        }
        return;
      } catch (error) {
        const missing = missingIn(error, asked);
        if (missing !== undefined) {
          this.#ahead.forget(missing);
          settle(missing, ({resolve}) => resolve(undefined));
          asked = asked.filter((name) => name !== missing);
          continue;
        }
        if (asked.length > 1 && (nameOf(error) === notFound || causedByOne.has(nameOf(error)))) {
          const middle = Math.ceil(asked.length / 2);
          await Promise.all([this.#ask(asked.slice(0, middle), waiters), this.#ask(asked.slice(middle), waiters)]);
          return;
        }
        for (const name of asked) {
          this.#ahead.forget(name);
          settle(name, ({reject}) => reject(error));
        }
        return;
      }
    }
  }
}

/** ECR fails the whole call for one missing repository, and names it in the text of the error. */
function missingIn(error: unknown, asked: readonly string[]): string | undefined {
  if (nameOf(error) !== notFound) return undefined;
  if (asked.length === 1) return asked[0];
  const named = /with name '([^']+)'/.exec(error instanceof Error ? error.message : '')?.[1];
  return named !== undefined && asked.includes(named) ? named : undefined;
}

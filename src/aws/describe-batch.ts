import {nameOf} from './errors.ts';

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
 * share a call, and callers of the same name an answer.
 */
export class DescribeBatch<R extends {readonly repositoryName: string}> {
  readonly #describe: Describe<R>;
  readonly #windowMilliseconds: number;
  #names = new Map<string, Waiter<R>[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(describe: Describe<R>, windowMilliseconds: number) {
    this.#describe = describe;
    this.#windowMilliseconds = windowMilliseconds;
  }

  /** `undefined` where there is no repository of that name. Rejects with what the SDK threw. */
  get(name: string): Promise<R | undefined> {
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
    void this.#ask([...names.keys()], names);
  }

  /** Never rejects: each name's waiters get an answer or an error. */
  async #ask(names: readonly string[], waiters: ReadonlyMap<string, readonly Waiter<R>[]>): Promise<void> {
    const settle = (name: string, act: (waiter: Waiter<R>) => void) => {
      for (const waiter of waiters.get(name) ?? []) act(waiter);
    };
    let asked = names;
    while (asked.length > 0) {
      try {
        const found = new Map((await this.#describe(asked)).map((repository) => [repository.repositoryName, repository]));
        for (const name of asked) settle(name, ({resolve}) => resolve(found.get(name)));
        return;
      } catch (error) {
        const missing = missingIn(error, asked);
        if (missing !== undefined) {
          settle(missing, ({resolve}) => resolve(undefined));
          asked = asked.filter((name) => name !== missing);
          continue;
        }
        if (asked.length > 1 && (nameOf(error) === notFound || causedByOne.has(nameOf(error)))) {
          const middle = Math.ceil(asked.length / 2);
          await Promise.all([this.#ask(asked.slice(0, middle), waiters), this.#ask(asked.slice(middle), waiters)]);
          return;
        }
        for (const name of asked) settle(name, ({reject}) => reject(error));
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

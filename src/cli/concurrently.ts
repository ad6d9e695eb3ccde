/**
 * Does `work` for each item, at most `most` at once, and gives the results as they come. Throws the first error, or the reason
 * of `signal`; nothing is started after that.
 */
export async function* concurrently<T, R>(
  items: readonly T[],
  {most, signal}: {readonly most: number; readonly signal: AbortSignal},
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const running = new Map<number, Promise<readonly [number, R]>>();
  for (let next = 0; next < items.length || running.size > 0;) {
    signal.throwIfAborted();
    for (; next < items.length && running.size < most; next += 1) {
      const index = next;
      running.set(
        index,
        work(items[index] as T).then((result) => [index, result] as const),
      );
    }
    const [index, result] = await Promise.race(running.values());
    running.delete(index);
    yield result;
  }
}

interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** Everything that a paged call gives. `ask` gets `{}` first, then `{nextToken}`. */
export async function everyPage<T>(ask: (nextToken: {readonly nextToken?: string}) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let nextToken: string | undefined;
  do {
    const page: Page<T> = await ask(nextToken === undefined ? {} : {nextToken});
    all.push(...(page.items ?? []));
    nextToken = page.nextToken || undefined;
  } while (nextToken !== undefined);
  return all;
}

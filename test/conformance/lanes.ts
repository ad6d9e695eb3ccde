/** Lets so much go on at one time, first come, first served. */
export function lanes(width: number): <T>(weight: number, work: () => Promise<T>) => Promise<T> {
  let free = width;
  const queue: {readonly weight: number; readonly begin: () => void}[] = [];
  const next = (): void => {
    for (let [first] = queue; first !== undefined && first.weight <= free; [first] = queue) {
      queue.shift();
      free -= first.weight;
      first.begin();
    }
  };
  return async (weight, work) => {
    await new Promise<void>((begin) => {
      queue.push({weight, begin});
      next();
    });
    try {
      return await work();
    } finally {
      free += weight;
      next();
    }
  };
}

/** Says how far it is each hundred, and each second while there is news; nothing about what takes less. */
export function progress(options: {
  readonly things: string;
  readonly say: (text: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}): (done: number, of: number) => void {
  const {things, say, now} = options;
  let [saidAt, said] = [now(), 0];
  return (done, of) => {
    if (done === said || (done % 100 !== 0 && now() - saidAt < 1000)) return;
    [saidAt, said] = [now(), done];
    say(`read ${done} of ${of} ${things}\n`);
  };
}

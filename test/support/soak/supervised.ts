import {setTimeout as sleep} from 'node:timers/promises';
import {eventually} from '../eventually.ts';
import type {Operator} from '../operator.ts';
import type {Stage} from '../stage.ts';

async function isLeading({metricsUrl}: Operator): Promise<boolean> {
  const answer = await fetch(`${metricsUrl}/metrics`);
  return /^leader_election_master_status\{[^}]*\} 1$/m.test(await answer.text());
}

/** An operator that is started again when it ends by itself, as a kubelet would. */
export interface Supervised {
  /** How it ended, each time that nobody had asked it to. */
  readonly ends: readonly (number | string)[];
  /** SIGKILL; it stays away for so many seconds. Resolves when the next one leads: where a lease was held, that takes its time. */
  killFor(seconds: number): Promise<void>;
  log(): Promise<string>;
  /** SIGTERM; the exit status. */
  stop(): Promise<number | string>;
}

export async function supervise(stage: Stage, flags: readonly string[]): Promise<Supervised> {
  const isElected = flags.includes('--leader-elect=true');
  const ends: (number | string)[] = [];
  let isWanted = true;
  let operator = await begin();
  let restarting: Promise<void> = Promise.resolve();

  async function begin(): Promise<Operator> {
    const begun = await stage.operator({flags});
    void noticeEnd(begun);
    return begun;
  }

  async function noticeEnd({exited}: Operator): Promise<void> {
    const how = await exited;
    if (!isWanted) return;
    ends.push(how);
    restarting = restart();
  }

  /** Also while the API server is away: then as soon as it is back, because its identity comes from there. */
  async function restart(): Promise<void> {
    for (;;) {
      await sleep(1000);
      try {
        operator = await begin();
        return;
      } catch {
        // Tried again.
      }
    }
  }

  return {
    ends,
    async killFor(seconds) {
      await restarting;
      isWanted = false;
      await operator.kill();
      await sleep(seconds * 1000);
      isWanted = true;
      operator = await begin();
      if (isElected) await eventually('the next operator leads', () => isLeading(operator), {seconds: 60, everyMs: 100});
    },
    log: () => operator.log(),
    async stop() {
      await restarting;
      isWanted = false;
      return operator.stop();
    },
  };
}

import {setTimeout as sleep} from 'node:timers/promises';
import type {Fault} from '../../cloud/gateway/faults.ts';
import type {Soak} from './soak.ts';

/** Something that is made to fail, for a while. */
export interface Phase {
  readonly name: string;
  /** Whether all tokens run out meanwhile. */
  readonly runsOut: boolean;
  /** Whether nobody can read a Secret meanwhile, the kubelet neither. */
  readonly isApiAway?: boolean;
  /** Resolves with when what had failed worked again, in milliseconds since 1970. */
  readonly fail: (soak: Soak) => Promise<number>;
}

/** A phase that has been. Times are milliseconds since 1970. */
export interface Past {
  readonly name: string;
  readonly runsOut: boolean;
  readonly isApiAway: boolean;
  readonly from: number;
  /** When what had failed worked again. */
  readonly back: number;
  /** When every namespace had a token that was issued after that. */
  readonly renewed: number;
}

type Broken = Pick<Fault, 'is'> & {readonly is: 'throttle' | 'error500' | 'timeout' | 'reset'};

const sts = ['AssumeRoleWithWebIdentity', 'AssumeRole', 'GetCallerIdentity'];
const ecr = ['GetAuthorizationToken'];
/** How long pods go on after the last token has ended, in seconds. */
const afterwards = 6;

const operatorKilled: Phase = {
  name: 'operator killed',
  runsOut: false,
  async fail(soak) {
    await sleep(soak.life * 200);
    await soak.operator.killFor(3);
    return Date.now();
  },
};

/** Pods outlast it: it ends while the tokens in the Secrets are still good. */
function short(what: string, operations: readonly string[], {is}: Broken, alsoKilled: boolean): Phase {
  return {
    name: `${what} for less than a token's life${alsoKilled ? ', operator killed in it' : ''} (${is})`,
    runsOut: false,
    async fail(soak) {
      await breakIt(soak, operations, {is}, alsoKilled);
      // Long enough for the operator's next try: at most 5 seconds, and a call that hangs takes 10 to give up.
      const left = Math.max(10, soak.life * (is === 'timeout' ? 0.4 : 0.25));
      await soak.untilLeft(left + 6);
      await soak.newNamespace();
      await soak.untilLeft(left);
      return mend(soak);
    },
  };
}

/** Pods cannot outlast it: it goes on after the last token has ended. */
function long(what: string, operations: readonly string[], {is}: Broken, alsoKilled: boolean): Phase {
  return {
    name: `${what} until no token is left${alsoKilled ? ', operator killed in it' : ''} (${is})`,
    runsOut: true,
    async fail(soak) {
      await breakIt(soak, operations, {is}, alsoKilled);
      await soak.newNamespace();
      await soak.untilLeft(-afterwards);
      return mend(soak);
    },
  };
}

async function breakIt({scene, operator}: Soak, operations: readonly string[], {is}: Broken, alsoKilled: boolean) {
  for (const operation of operations) await scene.stage.cloud.faults.add({operation, is});
  if (alsoKilled) await operator.killFor(1);
}

async function mend({scene}: Soak): Promise<number> {
  await scene.stage.cloud.faults.clear();
  return Date.now();
}

/** Tokens are due in the middle of their life, and a try that failed is repeated within 15 seconds: more than this would not be outlasted. */
const apiServerStalls: Phase = {
  name: "API server answers nothing for a quarter of a token's life",
  runsOut: false,
  isApiAway: true,
  async fail({scene, life}) {
    const {cluster} = scene.stage;
    cluster.pauseApiServer();
    await sleep(life * 250);
    cluster.resumeApiServer();
    return Date.now();
  },
};

const apiServerStops: Phase = {
  name: 'API server gone for 15 s',
  runsOut: false,
  isApiAway: true,
  async fail({scene, newNamespace}) {
    const {cluster} = scene.stage;
    await newNamespace();
    await cluster.stopApiServer();
    await sleep(15_000);
    await cluster.startApiServer();
    return Date.now();
  },
};

/** The first four are the least that is worth a run; all of them take about nine minutes with tokens of 60 seconds. */
export const phases: readonly Phase[] = [
  operatorKilled,
  short('STS down', sts, {is: 'error500'}, true),
  long('ECR down', ecr, {is: 'reset'}, false),
  apiServerStalls,
  short('ECR down', ecr, {is: 'timeout'}, false),
  long('STS down', sts, {is: 'error500'}, true),
  apiServerStops,
  short('ECR down', ecr, {is: 'throttle'}, true),
];

export const leastPhases = 4;

/** Must begin right after the tokens were renewed, and waits until all have been renewed again. */
export async function goThrough(soak: Soak, {name, runsOut, isApiAway = false, fail}: Phase): Promise<Past> {
  const from = Date.now();
  const back = await fail(soak);
  return {name, runsOut, isApiAway, from, back, renewed: await soak.untilRenewed(back, 2 * soak.life)};
}

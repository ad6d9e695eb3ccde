import {randomUUID} from 'node:crypto';
import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import type {Context} from './context.ts';
import type {Handlers} from './handler.ts';
import {isObject} from './input-rules.ts';
import {textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {pageOf} from './pages.ts';

interface Backfill {
  readonly id: string;
  readonly region: string;
  readonly destination: {readonly region: string; readonly registryId: string};
  /** In milliseconds. */
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly results: readonly Json[];
  readonly failureCode?: string;
}

/** How long a backfill takes, in milliseconds: PREPARING, then IN_PROGRESS, then at its end; and STOPPING, once it is stopped. */
const preparingMs = 500;
const wholeMs = 2000;
const stoppingMs = 500;
const mostAtOnce = 10;
const kept = new WeakMap<Context, Map<string, Backfill>>();

export const replicationBackfillHandlers: Handlers = {
  StartReplicationBackfill: start,
  StopReplicationBackfill: stop,
  ListReplicationBackfills: list,
  DescribeReplicationBackfillResults: describe,
};

async function start(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const given = isObject(input['destination']) ? input['destination'] : {};
  const destination = {region: textOf(given['region']), registryId: textOf(given['registryId'])};
  if (!/^[0-9a-z-]{2,25}$/.test(destination.region)) return errorAnswer(call, invalid('destination.region', 'must be a region'));
  if (!/^[0-9]{12}$/.test(destination.registryId)) return errorAnswer(call, invalid('destination.registryId', 'must be an account'));
  const filters = await filtersFor(context, call.region, destination);
  if (filters === undefined) {
    return errorAnswer(call, invalid('destination', 'must be a destination of the replication configuration of the registry'));
  }
  const results = await resultsOf(context, call.region, destination, filters);
  const going = backfillsIn(context, call.region).filter((backfill) => backfillEnd(backfill, Date.now()) === undefined);
  if (going.some((other) => other.destination.region === destination.region)) {
    const message = `A replication backfill is already in progress for the destination Region '${destination.region}'`;
    return errorAnswer(call, {type: 'ReplicationBackfillInProgressException', message});
  }
  if (going.length >= mostAtOnce) {
    const message = `The registry already has ${mostAtOnce} replication backfills in progress`;
    return errorAnswer(call, {type: 'LimitExceededException', message});
  }
  const isForeign = destination.registryId !== context.config.accountId;
  const backfill: Backfill = {
    id: randomUUID(),
    region: call.region,
    destination,
    startedAt: Date.now(),
    results,
    // There is no other account here whose registry policy could let images in.
    ...(isForeign && {failureCode: 'AccessDenied'}),
  };
  backfillsOf(context).set(backfill.id, backfill);
  const {progress: _, ...told} = summaryOf(backfill);
  return jsonAnswer({registryId: context.config.accountId, ...told});
}

async function stop(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const backfill = found(context, call, input);
  if (backfill === undefined) return unknown(call, input);
  if (backfillEnd(backfill, Date.now()) !== undefined) {
    const message = `The replication backfill '${backfill.id}' has already reached a terminal status`;
    return errorAnswer(call, {type: 'ReplicationBackfillInvalidStatusException', message});
  }
  const stopped = {...backfill, stoppedAt: backfill.stoppedAt ?? Date.now()};
  backfillsOf(context).set(backfill.id, stopped);
  const {progress: _, ...told} = summaryOf(stopped);
  return jsonAnswer({registryId: context.config.accountId, ...told});
}

async function list(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  if (Number(input['maxResults'] ?? 1) > 50) return errorAnswer(call, invalid('maxResults', 'must be between 1 and 50'));
  const backfills = backfillsIn(context, call.region).map(summaryOf);
  const page = pageOf(call.operation, {maxResults: 25, ...input}, {registryId: context.config.accountId, backfills});
  return page.error ? errorAnswer(call, page.error) : jsonAnswer(page.value);
}

async function describe(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const backfill = found(context, call, input);
  if (backfill === undefined) return unknown(call, input);
  const filter = input['resultStatusFilter'];
  const hasEnded = backfillEnd(backfill, Date.now()) !== undefined;
  const results = hasEnded ? backfill.results.filter(({status}) => filter === undefined || status === filter) : [];
  const page = pageOf(call.operation, input, {registryId: context.config.accountId, ...summaryOf(backfill), results});
  return page.error ? errorAnswer(call, page.error) : jsonAnswer(page.value);
}

function found(context: Context, call: AwsCall, input: Json): Backfill | undefined {
  const backfill = backfillsOf(context).get(textOf(input['replicationBackfillId']));
  return backfill?.region === call.region ? backfill : undefined;
}

function unknown(call: AwsCall, input: Json): Reply {
  const id = textOf(input['replicationBackfillId']);
  if (id === '') return errorAnswer(call, invalid('replicationBackfillId', 'must not be null'));
  const message = `The replication backfill '${id}' could not be found`;
  return errorAnswer(call, {type: 'ReplicationBackfillNotFoundException', message});
}

function backfillsOf(context: Context): Map<string, Backfill> {
  const known = kept.get(context) ?? new Map<string, Backfill>();
  kept.set(context, known);
  return known;
}

function backfillsIn(context: Context, region: string): readonly Backfill[] {
  return [...backfillsOf(context).values()].filter((backfill) => backfill.region === region);
}

/** When a backfill ended, in milliseconds; undefined before. */
function backfillEnd({startedAt, stoppedAt}: Backfill, now: number): number | undefined {
  const end = stoppedAt === undefined ? startedAt + wholeMs : stoppedAt + stoppingMs;
  return now >= end ? end : undefined;
}

function summaryOf(backfill: Backfill): Json {
  const now = Date.now();
  const {id, destination, startedAt, stoppedAt, failureCode, results} = backfill;
  const endedAt = backfillEnd(backfill, now);
  const isPrepared = (stoppedAt ?? now) - startedAt >= preparingMs;
  const hasFailed = endedAt !== undefined && stoppedAt === undefined && failureCode !== undefined;
  const isDone = endedAt !== undefined && stoppedAt === undefined;
  const failed = isDone ? results.filter(({status}) => status === 'FAILED') : [];
  const progress = {
    totalReplicationCount: results.length,
    completedReplicationCount: isDone ? results.length - failed.length : 0,
    failedReplicationCount: failed.length,
    failureCodes: [...new Set(failed.map(({failureCode: code}) => code))],
  };
  return {
    replicationBackfillId: id,
    destination,
    status: statusOf(backfill, isPrepared, endedAt),
    ...(hasFailed && {failureCode}),
    ...(isPrepared && {progress}),
    startedAt: startedAt / 1000,
    ...(endedAt !== undefined && {endedAt: endedAt / 1000}),
  };
}

function statusOf({stoppedAt, failureCode}: Backfill, isPrepared: boolean, endedAt: number | undefined): string {
  if (stoppedAt !== undefined) return endedAt === undefined ? 'STOPPING' : 'STOPPED';
  if (endedAt !== undefined) return failureCode === undefined ? 'COMPLETE' : 'FAILED';
  return isPrepared ? 'IN_PROGRESS' : 'PREPARING';
}

/** The repository filters of each rule that names the destination; undefined where none does. */
async function filtersFor(context: Context, region: string, destination: Backfill['destination']): Promise<readonly Json[][] | undefined> {
  const {value} = await context.moto.ask(region, 'DescribeRegistry', {});
  const {rules = []} = (value?.['replicationConfiguration'] ?? {}) as {readonly rules?: readonly Json[]};
  const named = rules.filter((rule) =>
    ((rule['destinations'] ?? []) as readonly Json[]).some(
      (one) => one['region'] === destination.region && one['registryId'] === destination.registryId,
    ),
  );
  return named.length === 0 ? undefined : named.map((rule) => (rule['repositoryFilters'] ?? []) as Json[]);
}

/** Each image and tag is one replication. */
async function resultsOf(
  context: Context,
  region: string,
  destination: Backfill['destination'],
  rules: readonly Json[][],
): Promise<readonly Json[]> {
  const described = await context.moto.ask(region, 'DescribeRepositories', {});
  const names = ((described.value?.['repositories'] ?? []) as readonly Json[]).map((repository) => textOf(repository['repositoryName']));
  const isMatched = (name: string) =>
    rules.some((filters) => filters.length === 0 || filters.some((filter) => name.startsWith(textOf(filter['filter']))));
  const verdict =
    destination.registryId === context.config.accountId ? {status: 'COMPLETE'} : {status: 'FAILED', failureCode: 'AccessDenied'};
  const results: Json[] = [];
  for (const repositoryName of names.filter(isMatched)) {
    const listed = await context.moto.ask(region, 'ListImages', {repositoryName});
    for (const imageId of (listed.value?.['imageIds'] ?? []) as readonly Json[]) results.push({repositoryName, imageId, ...verdict});
  }
  return results;
}

import {mostParameters} from '../../aws/parameter-store.ts';
import type {StoredValue} from '../../aws/secret-store.ts';
import type {Identity} from '../../aws/identity.ts';
import type {Secret} from '../../schema/secret.ts';
import type {ValueSource} from '../../translate/needs.ts';
import type {Doors} from '../doors.ts';
import {Interruption} from '../outcome.ts';
import {mayHold} from './allowed.ts';
import type {Got} from './contents.ts';
import {keyOf} from './source-key.ts';

type Aws = Doors['aws'];
/** Each value by its source; see source-key.ts. */
export type Values = ReadonlyMap<string, Got<Secret>>;

/**
 * The value of each source, or why there is none: one call for a secret and version, one for ten parameters. What is only
 * down or busy throws Interruption.
 */
export async function valuesOf(sources: readonly ValueSource[], aws: Aws, identity: Identity, allowed: readonly string[]): Promise<Values> {
  const unique = [...new Map(sources.map((source) => [keyOf(source), source])).values()];
  const single = unique.filter((source) => source.is !== 'ParameterStore');
  const byRegion = Map.groupBy(
    unique.filter((source) => source.is === 'ParameterStore'),
    ({region = identity.region}) => region,
  );
  const answers = await Promise.all([
    ...single.map(async (source) => [[keyOf(source), await one(source, aws, allowed)] as const]),
    ...[...byRegion].map(async ([region, parameters]) => {
      const names = new Map(parameters.map((source) => [keyOf(source), nameOf(source.name, identity)]));
      const found = await parametersNamed([...new Set(names.values())], aws.parameters({region}));
      return [...names].map(([key, name]) => [key, checked(found.get(name) ?? absent(name), allowed)] as const);
    }),
  ]);
  return new Map(answers.flat());
}

async function one(source: Exclude<ValueSource, {is: 'ParameterStore'}>, aws: Aws, allowed: readonly string[]): Promise<Got<Secret>> {
  if (source.is === 'S3') {
    const {bucket, key} = source;
    return orProblem(async () => {
      const file = await aws.files({}).read(bucket, key);
      return file === undefined ? {problem: `S3 has no object ${key} in a bucket ${bucket}`} : {got: file};
    });
  }
  const {secretId, versionStage, versionId, region} = source;
  return orProblem(async () => {
    const version = {...(versionStage !== undefined && {versionStage}), ...(versionId !== undefined && {versionId})};
    const stored = await aws.secrets(region === undefined ? {} : {region}).read(secretId, version);
    const which = versionId ?? versionStage;
    const problem = `Secrets Manager has no such secret${which === undefined ? '' : `, or no version ${which} of it`}`;
    return checked(stored === undefined ? {problem} : {got: stored}, allowed);
  });
}

type Found = ReadonlyMap<string, Got<StoredValue>>;

async function parametersNamed(names: readonly string[], store: ReturnType<Aws['parameters']>): Promise<Found> {
  const batches = Array.from({length: Math.ceil(names.length / mostParameters)}, (_, index) =>
    names.slice(index * mostParameters, (index + 1) * mostParameters),
  );
  const found = await Promise.all(
    batches.map(async (batch): Promise<Found> => {
      const answer = await orProblem(async () => ({got: await store.get(batch)}));
      if ('got' in answer) return new Map([...answer.got].map(([name, stored]) => [name, {got: stored}]));
      if (batch.length === 1) return new Map(batch.map((name) => [name, answer]));
      // A policy that denies one denies all: ask for each, to know which.
      const each = await Promise.all(batch.map((name) => parametersNamed([name], store)));
      return new Map(each.flatMap((map) => [...map]));
    }),
  );
  return new Map(found.flatMap((map) => [...map]));
}

/** As the ECS agent asks: by name, `/` before it where it has more of them. Of another account, the ARN. */
function nameOf(nameOrArn: string, {accountId}: Identity): string {
  const [, account, name = ''] = /^arn:[^:]*:ssm:[^:]*:(\d*):parameter\/(.*)$/.exec(nameOrArn) ?? [];
  if (account !== accountId) return nameOrArn;
  return name.includes('/') ? `/${name}` : name;
}

function absent(name: string): Got<StoredValue> {
  return {problem: `Parameter Store has no parameter ${name}`};
}

function checked(stored: Got<StoredValue>, allowed: readonly string[]): Got<Secret> {
  if ('problem' in stored) return stored;
  const {arn, value} = stored.got;
  if (!mayHold(allowed, arn)) return {problem: `it is ${arn}, which secrets.allowedResources of the Cluster does not allow`};
  return value === undefined ? {problem: 'it holds bytes, and ECS takes text only'} : {got: value};
}

/** What a user or an administrator must mend is a problem of this value; all else ends the walk. */
async function orProblem<T>(run: () => Promise<Got<T>>): Promise<Got<T>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Interruption && error.outcome.is === 'stalled') return {problem: error.outcome.message};
    throw error;
  }
}

import type {Ecr, EcrRepository} from '../../aws/ecr.ts';
import {Interruption, outcomeOf} from '../../kinds/outcome.ts';
import {ownerTag} from '../../kinds/ownership.ts';
import {RepositorySpec} from '../../kinds/repository/schema.ts';
import {repositories} from '../../schema/types.ts';
import {inWords} from '../aws.ts';
import {concurrently} from '../concurrently.ts';
import {patiently} from '../patiently.ts';
import {isMeant, needsList} from './filter.ts';
import type {Finding, Importer, ImportRequest} from './importer.ts';
import {objectNames} from './names.ts';
import {type Described, repositorySpec} from './repository-spec.ts';

export const repositoryImporter: Importer = {kind: repositories.kind, things: 'repositories', read};

async function* read(request: ImportRequest): AsyncGenerator<Finding, void, undefined> {
  const {aws, location, filter, most, signal, onProgress} = request;
  const ecr = aws.ecr(location);
  const {all, findings} = await needed(ecr, request);
  yield* findings;
  // Of all there are, and not of those that are meant, so that another filter gives no other names.
  const names = objectNames(all.map(({repositoryName}) => repositoryName));
  const meant = all.filter(({repositoryName}) => isMeant(filter, repositoryName));
  let done = 0;
  onProgress(done, meant.length);
  for await (const finding of concurrently(meant, {most, signal}, (one) => findingOf(ecr, one, names, request))) {
    done += 1;
    onProgress(done, meant.length);
    yield finding;
  }
}

interface Needed {
  readonly all: readonly EcrRepository[];
  readonly findings: readonly Finding[];
}

/** Names alone are looked up, a hundred a call, so that a role need not be allowed to list. */
async function needed(ecr: Ecr, {filter, signal}: ImportRequest): Promise<Needed> {
  const all = new Map<string, EcrRepository>();
  const findings: Finding[] = [];
  if (needsList(filter)) {
    await patiently(async () => {
      for await (const repository of ecr.listRepositories()) {
        signal.throwIfAborted();
        all.set(repository.repositoryName, repository);
      }
    }, signal);
  }
  const missing = filter.names.filter((name) => !all.has(name) && isMeant(filter, name));
  for (const [index, found] of (await Promise.allSettled(missing.map((name) => ecr.describeRepository(name)))).entries()) {
    const what = missing[index] ?? '';
    if (found.status === 'rejected') findings.push(failed(what, found.reason));
    else if (found.value === undefined) findings.push({is: 'failed', what, why: 'there is no repository of this name'});
    else all.set(what, found.value);
  }
  return {all: [...all.values()], findings};
}

async function findingOf(
  ecr: Ecr,
  repository: EcrRepository,
  names: ReadonlyMap<string, string>,
  request: ImportRequest,
): Promise<Finding> {
  const {repositoryName: what, repositoryArn} = repository;
  const {signal} = request;
  try {
    const [tags, lifecyclePolicyText, policyText] = await Promise.all([
      patiently(() => ecr.listTags(repositoryArn), signal),
      patiently(() => ecr.getLifecyclePolicy(what), signal),
      patiently(() => ecr.getRepositoryPolicy(what), signal),
    ]);
    const owner = tags[ownerTag];
    if (owner !== undefined && !request.includeOwned)
      return {is: 'skipped', what, why: `it belongs to ${owner} (--include-owned takes it too)`};
    return imported(names.get(what) ?? what, {repository, tags, lifecyclePolicyText, policyText}, request);
  } catch (error) {
    return failed(what, error);
  }
}

/** The object for a repository, if its kind can say what the repository is. */
export function imported(
  name: string,
  described: Described,
  {registry, namespace}: Pick<ImportRequest, 'registry' | 'namespace'>,
): Finding {
  const {spec, notes} = repositorySpec(name, registry, described);
  const parsed = RepositorySpec.safeParse(spec);
  const what = described.repository.repositoryName;
  if (!parsed.success) {
    const why = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`).join('; ');
    return {is: 'failed', what, why: `a Repository cannot say what it is: ${why}`};
  }
  const metadata = {name, ...(namespace !== undefined && {namespace})};
  return {is: 'object', object: {apiVersion: repositories.apiVersion, kind: repositories.kind, metadata, spec}, notes};
}

function failed(what: string, error: unknown): Finding {
  if (!(error instanceof Interruption)) throw error;
  return {is: 'failed', what, why: inWords(outcomeOf(error))};
}

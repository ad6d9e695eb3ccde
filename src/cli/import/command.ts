import {withSignal} from '../../kube/failure.ts';
import {Interruption, outcomeOf} from '../../kinds/outcome.ts';
import type {KubeObject} from '../../schema/object.ts';
import {timeAndChance} from '../../time-and-chance.ts';
import {inWords, openAws} from '../aws.ts';
import {type Command, CommandError, exit, type Program} from '../command.ts';
import {plural} from '../plural.ts';
import type {Finding, ImportRequest} from './importer.ts';
import {importers} from './index.ts';
import {type Manifest, manifestsOf} from './manifests.ts';
import {importOptions, type ImportOptions, usage} from './options.ts';
import {progress} from './progress.ts';
import {writeFiles} from './write-files.ts';

const known = importers.map(({kind}) => kind);
/** As many as the operator works on at once. */
const most = 8;

export const importCommand: Command = {
  usage,
  async run(argv, program) {
    const options = importOptions(argv, known);
    const aws = openAws(program.environment, options);
    try {
      return await withSignal(importAll(options, program, aws), program.signal);
    } finally {
      aws.close();
    }
  },
};

async function importAll(options: ImportOptions, program: Program, aws: ImportRequest['aws']): Promise<number> {
  const {accountId, region} = await aws.identity(options.role).catch((error: unknown) => {
    throw new CommandError(inWords(outcomeOf(error)), {cause: error});
  });
  const registry = options.registry ?? (options.role ? `${accountId}-${region}` : 'default');
  program.err(`reading account ${accountId} in ${region}; the objects are in the Registry ${registry}\n`);
  const findings = await findAll(options, program, {
    aws,
    location: {accountId, region, ...(options.role && {role: options.role})},
    registry,
    ...(options.namespace !== undefined && {namespace: options.namespace}),
    filter: options.filter,
    includeOwned: options.includeOwned,
    most,
    signal: program.signal,
  });
  const objects = findings.flatMap((finding) => (finding.is === 'object' ? [finding.object] : []));
  const failures = told(findings, program);
  const kept = await deliver(manifestsOf(objects, known), options, program);
  const count = countOf(objects);
  const all = [count === '' ? 'nothing' : count, ...tallied(findings), ...(kept > 0 ? [plural(kept, 'file') + ' kept'] : [])].join(', ');
  program.err(`${options.isDryRun ? 'would import' : 'imported'} ${all}\n`);
  return failures + kept > 0 ? exit.failed : exit.ok;
}

async function findAll(options: ImportOptions, program: Program, request: Omit<ImportRequest, 'onProgress'>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const importer of importers) {
    const {kind, things} = importer;
    if (!options.kinds.includes(kind)) continue;
    const onProgress = progress({things, say: program.err, now: timeAndChance.now});
    try {
      for await (const finding of importer.read({...request, onProgress})) findings.push(finding);
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      findings.push({is: 'failed', what: things, why: inWords(error.outcome)});
    }
  }
  return findings;
}

/** Says what a person must know, in order, and gives the number of failures. */
function told(findings: readonly Finding[], {err}: Program): number {
  const lines = (is: Finding['is']) =>
    findings.flatMap((finding) => {
      if (finding.is !== is) return [];
      if (finding.is === 'object') return finding.notes.map((note) => `note: ${nameOf(finding.object)}: ${note}\n`);
      return [`${finding.is}: ${finding.what}: ${finding.why}\n`];
    });
  const failures = lines('failed');
  for (const line of [...lines('object').toSorted(), ...lines('skipped').toSorted(), ...failures.toSorted()]) err(line);
  return failures.length;
}

/** Gives the number of files that were left alone. */
async function deliver(manifests: readonly Manifest[], options: ImportOptions, program: Program): Promise<number> {
  const {outputDirectory: directory, overwrite, isDryRun} = options;
  program.signal.throwIfAborted();
  if (isDryRun) {
    for (const {file} of manifests) program.out(`${file}\n`);
    return 0;
  }
  if (directory === undefined) {
    program.out(manifests.map(({text}) => text).join('---\n'));
    return 0;
  }
  const {written, unchanged, kept} = await writeFiles(manifests, {directory, overwrite, signal: program.signal}).catch((error: unknown) => {
    throw error === program.signal.reason
      ? error
      : new CommandError(`cannot write to ${directory}: ${(error as Error).message}`, {cause: error});
  });
  for (const file of kept) program.err(`kept: ${file}: it is there and differs (--overwrite replaces it)\n`);
  program.err(`wrote ${plural(written, 'file')} to ${directory}${unchanged > 0 ? `; ${unchanged} were there already` : ''}\n`);
  return kept.length;
}

function countOf(objects: readonly KubeObject[]): string {
  const counts = known.map((kind) => ({kind, count: objects.filter((object) => object.kind === kind).length}));
  return counts
    .filter(({count}) => count > 0)
    .map(({kind, count}) => plural(count, kind))
    .join(' and ');
}

function tallied(findings: readonly Finding[]): readonly string[] {
  return (['skipped', 'failed'] as const).flatMap((is) => {
    const count = findings.filter((finding) => finding.is === is).length;
    return count === 0 ? [] : [`${count} ${is}`];
  });
}

function nameOf({kind, metadata}: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

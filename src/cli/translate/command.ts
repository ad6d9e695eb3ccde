import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {type Command, exit, type Program} from '../command.ts';
import {concurrently} from '../concurrently.ts';
import {UsageError} from '../flags.ts';
import type {Values} from '../yaml-values.ts';
import {plural} from '../plural.ts';
import {type Answer, answerTo, type Given, unreadable, withoutDoubles} from './answer.ts';
import {clusterIn, runTaskIn, serviceIn} from './given.ts';
import {notesTable} from './notes-table.ts';
import {translateOptions, type TranslateOptions, usage} from './options.ts';
import {questionsOf} from './question.ts';
import {valuesOf} from './read-file.ts';
import {asJson, asYaml, sumText} from './render.ts';

const filesAtOnce = 16;

export const translateCommand: Command = {
  usage,
  async run(argv, program) {
    const options = translateOptions(argv);
    const answers = await answersTo(options, program);
    if (options.output === 'json') program.out(asJson(answers));
    else {
      program.out(asYaml(answers));
      program.err(notesTable(answers, program.columns));
    }
    program.err(`${sumText(answers)}\n`);
    const isAll = answers.length > 0 && answers.every(({manifests}) => manifests.length > 0);
    return isAll ? exit.ok : exit.failed;
  },
};

async function answersTo(options: TranslateOptions, program: Program): Promise<readonly Answer[]> {
  const read = await readAll(options.files, program);
  const {questions, refused, others} = questionsOf(read.flatMap(({values}) => values));
  const unread = read.flatMap((each) => each.faults).map(unreadable);
  if (others > 0) program.err(`passed over ${plural(others, 'object')} of other kinds\n`);
  if (questions.length + unread.length + refused.length === 0) program.err('there is no task definition, and no object that runs one\n');
  const one = options.name === undefined ? (options.service && '--service') || (options.runTask && '--run-task') : '--name';
  if (one !== undefined && questions.length > 1) {
    throw new UsageError(
      `${one} is for one definition, and there are ${questions.length}: ${questions.map(({where}) => where).join(', ')}`,
    );
  }
  const given = await givenBy(options, program);
  return withoutDoubles([...questions.map((question) => answerTo(question, given)), ...unread, ...refused]);
}

/** In the order of the files, whichever is read first. */
async function readAll(files: readonly string[], {input, signal}: Program): Promise<readonly Values[]> {
  const read: (readonly [number, Values])[] = [];
  const one = async ([index, file]: readonly [number, string]) => [index, await valuesOf(file, input)] as const;
  for await (const done of concurrently([...files.entries()], {most: filesAtOnce, signal}, one)) read.push(done);
  return read.toSorted(([a], [b]) => a - b).map(([, values]) => values);
}

async function givenBy(options: TranslateOptions, {input}: Program): Promise<Given> {
  const {service, runTask, name, namespace} = options;
  const running = service === undefined ? runTask && (await runTaskIn(runTask, input)) : await serviceIn(service, input);
  return {
    ...(running && {running}),
    cluster: await clusterBy(options, input),
    ...(name !== undefined && {name}),
    ...(namespace !== undefined && {namespace}),
  };
}

async function clusterBy({cluster, isStrict, allowed}: TranslateOptions, input: () => Promise<string>): Promise<ClusterSettings> {
  const settings = cluster === undefined ? {} : await clusterIn(cluster, input);
  if (!isStrict) return settings;
  return {...settings, policy: 'Strict', allowedApproximations: [...(settings.allowedApproximations ?? []), ...allowed]};
}

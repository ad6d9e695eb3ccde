import {type Command, exit, type Program} from '../command.ts';
import {concurrently} from '../concurrently.ts';
import {UsageError} from '../flags.ts';
import type {Values} from '../yaml-values.ts';
import {plural} from '../plural.ts';
import {type Answer, answerTo, type Given, unreadable, withoutDoubles} from './answer.ts';
import {clusterIn, serviceIn} from './given.ts';
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
    return answers.every(({manifests}) => manifests.length > 0) ? exit.ok : exit.failed;
  },
};

async function answersTo(options: TranslateOptions, program: Program): Promise<readonly Answer[]> {
  const read = await readAll(options.files, program);
  const {questions, faults, others} = questionsOf(read.flatMap(({values}) => values));
  const unread = [...read.flatMap((each) => each.faults), ...faults];
  if (others > 0) program.err(`passed over ${plural(others, 'object')} of other kinds\n`);
  const one = options.name === undefined ? options.service && '--service' : '--name';
  if (one !== undefined && questions.length > 1) {
    throw new UsageError(
      `${one} is for one definition, and there are ${questions.length}: ${questions.map(({where}) => where).join(', ')}`,
    );
  }
  const given = await givenBy(options, program);
  return withoutDoubles([...questions.map((question) => answerTo(question, given)), ...unread.map(unreadable)]);
}

/** In the order of the files, whichever is read first. */
async function readAll(files: readonly string[], {input, signal}: Program): Promise<readonly Values[]> {
  const read: (readonly [number, Values])[] = [];
  const one = async ([index, file]: readonly [number, string]) => [index, await valuesOf(file, input)] as const;
  for await (const done of concurrently([...files.entries()], {most: filesAtOnce, signal}, one)) read.push(done);
  return read.toSorted(([a], [b]) => a - b).map(([, values]) => values);
}

async function givenBy({service, cluster, isStrict, name, namespace}: TranslateOptions, {input}: Program): Promise<Given> {
  const settings = cluster === undefined ? {} : await clusterIn(cluster, input);
  return {
    ...(service !== undefined && {service: await serviceIn(service, input)}),
    cluster: isStrict ? {...settings, policy: 'Strict'} : settings,
    ...(name !== undefined && {name}),
    ...(namespace !== undefined && {namespace}),
  };
}

import {type Command, exit, type Program} from '../command.ts';
import {UsageError} from '../flags.ts';
import {plural} from '../plural.ts';
import {type Answer, answerTo, type Given, unreadable, withoutDoubles} from './answer.ts';
import {clusterIn, serviceIn} from './given.ts';
import {notesTable} from './notes-table.ts';
import {translateOptions, type TranslateOptions, usage} from './options.ts';
import {questionsOf} from './question.ts';
import {valuesOf} from './read-file.ts';
import {asJson, asYaml, sumText} from './render.ts';

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
  const read = [];
  for (const file of options.files) {
    program.signal.throwIfAborted();
    read.push(await valuesOf(file, program.input));
  }
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

async function givenBy({service, cluster, isStrict, name, namespace}: TranslateOptions, {input}: Program): Promise<Given> {
  const settings = cluster === undefined ? {} : await clusterIn(cluster, input);
  return {
    ...(service !== undefined && {service: await serviceIn(service, input)}),
    cluster: isStrict ? {...settings, policy: 'Strict'} : settings,
    ...(name !== undefined && {name}),
    ...(namespace !== undefined && {namespace}),
  };
}

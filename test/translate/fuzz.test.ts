import test from 'ava';
import * as fc from 'fast-check';
import {translate} from '../../src/translate/translate.ts';
import {faultsOf} from './invariants.ts';
import {translateTask} from '../../src/translate/translate-task.ts';
import {type Input, plausibleInputs, type Run, runs, typedInputs} from './sdk-arbitrary.ts';

/** 10,000 and more by hand: DRAYAGE_FUZZ_RUNS=10000. */
const numRuns = Number(process.env['DRAYAGE_FUZZ_RUNS'] ?? 1500);
const settings = {name: 'web', namespace: 'shop', revision: 3};

function check(input: Input | Run): boolean {
  const before = JSON.stringify(input);
  const {task} = input;
  const translation = 'service' in input ? translate(task, input.service, settings) : translateTask(task, input.runTask, settings);
  const faults = faultsOf(translation, 'web', 'shop');
  if (faults.length > 0) throw new Error(faults.join('\n'));
  if (JSON.stringify(input) !== before) throw new Error('the definition was changed');
  return translation.manifests.length > 0;
}

test(`${numRuns} definitions with the SDK's types and any values are translated or refused, and what is made is sound`, (t) => {
  let translated = 0;
  fc.assert(
    fc.property(typedInputs, (input) => {
      if (check(input)) translated += 1;
    }),
    {numRuns},
  );
  t.log(`${translated} of ${numRuns} were translated`);
  t.true(translated > 0);
});

test(`${numRuns} definitions with the SDK's fields and values that ECS takes are translated or refused, and what is made is sound`, (t) => {
  let translated = 0;
  fc.assert(
    fc.property(plausibleInputs, (input) => {
      if (check(input)) translated += 1;
    }),
    {numRuns},
  );
  t.log(`${translated} of ${numRuns} were translated`);
  t.true(translated > numRuns / 10, `only ${translated} of ${numRuns} were translated`);
});

test(`${numRuns} runs with the SDK's fields are translated or refused, and what is made is sound`, (t) => {
  let translated = 0;
  fc.assert(
    fc.property(runs, (run) => {
      if (check(run)) translated += 1;
    }),
    {numRuns},
  );
  t.log(`${translated} of ${numRuns} were translated`);
  t.true(translated > numRuns / 10, `only ${translated} of ${numRuns} were translated`);
});

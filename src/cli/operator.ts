import {runOperator} from '../operator.ts';
import {operatorOptions, usage} from '../options.ts';
import type {Command} from './command.ts';

export const operatorCommand: Command = {
  usage,
  run: (argv, {environment, version, signal}) => runOperator(operatorOptions(argv, environment), {environment, version, signal}),
};

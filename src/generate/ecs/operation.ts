import {normalizeService} from '../../translate/normalize.ts';
import {deploymentSettingsOf} from '../../translate/deployment-settings.ts';
import {translateTask} from '../../translate/translate-task.ts';
import {translate, type Translation} from '../../translate/translate.ts';
import {type Leaf, leavesOf} from './leaf.ts';
import {measure, type Measured, type Result} from './measure.ts';
import {type EnumOf, shapeOf} from './shape.ts';
import {type Pair, surroundingsOf} from './surroundings.ts';

/** An operation of ECS whose input is translated. */
export interface Operation {
  readonly name: string;
  /** Every leaf of its input, in the SDK's order. */
  readonly measured: readonly Measured[];
}

/** The SDK's module, which has the schema of each input. */
type Module = Readonly<Record<string, unknown>>;

const settings = {name: 'web'};

/** The fields of an operation's input. Notes name those of a service and of a run below a member of that name. */
export function leavesOfInput(ecs: Module, enumOf: EnumOf, name: keyof typeof members): readonly Leaf[] {
  const member = members[name];
  return leavesOf(shapeOf(ecs[`${name}Request$`], enumOf), member, member === '' ? [] : [{is: 'member', name: member, isRequired: true}]);
}

const members = {RegisterTaskDefinition: '', CreateService: 'service', RunTask: 'runTask'} as const;

/** What the kind Service acts on itself: the course of its deployments. */
function settled(service: unknown): unknown {
  const {value} = normalizeService(service);
  return value === undefined ? undefined : deploymentSettingsOf(value, () => {});
}

/** What becomes of every field of a definition, a service and a run, by the schemas of the SDK. */
export function measuredOperations(ecs: Module, enumOf: EnumOf): readonly Operation[] {
  const operation = (name: keyof typeof members, baseOf: (pair: Pair) => object, translated: (input: object, pair: Pair) => Result) => ({
    name,
    measured: leavesOfInput(ecs, enumOf, name).map((leaf) =>
      measure(
        leaf,
        surroundingsOf(leaf.pattern).map((pair) => ({base: baseOf(pair), translate: (input: object) => translated(input, pair)})),
      ),
    ),
  });
  return [
    operation(
      'RegisterTaskDefinition',
      ({task}) => task,
      (input, {service}) => resultOf(translate(input, service, settings)),
    ),
    operation(
      'CreateService',
      ({service}) => ({service}),
      (input, {task}) => {
        const {service} = input as Pick<Pair, 'service'>;
        return resultOf(translate(task, service, settings), settled(service));
      },
    ),
    operation(
      'RunTask',
      () => ({runTask: {}}),
      (input, {task}) => resultOf(translateTask(task, (input as {runTask: object}).runTask, settings)),
    ),
  ];
}

function resultOf({manifests, needs, notes}: Translation, more?: unknown): Result {
  return {made: [manifests, needs, more], notes};
}

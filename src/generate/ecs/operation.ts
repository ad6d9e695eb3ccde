import {translate, type Translation} from '../../translate/translate.ts';
import {type Leaf, leavesOf} from './leaf.ts';
import {measure, type Measured} from './measure.ts';
import {type EnumOf, shapeOf} from './shape.ts';
import {type Pair, surroundingsOf} from './surroundings.ts';

/** An operation of ECS whose input is translated. */
export interface Operation {
  readonly name: string;
  /** Every leaf of its input, in the SDK's order. */
  readonly measured: readonly Measured[];
}

type Module = Readonly<Record<string, unknown>>;

const settings = {name: 'web'};

/** What becomes of every field of RegisterTaskDefinition and CreateService, by the schemas of the SDK's module. */
export function measuredOperations(ecs: Module, enumOf: EnumOf): readonly Operation[] {
  const task = measuredBy(
    leavesOf(shapeOf(ecs['RegisterTaskDefinitionRequest$'], enumOf)),
    (pair) => pair.task,
    (input, {service}) => translate(input, service, settings),
  );
  const service = measuredBy(
    // Notes name the fields of a service so.
    leavesOf(shapeOf(ecs['CreateServiceRequest$'], enumOf), 'service', [{is: 'member', name: 'service', isRequired: true}]),
    (pair) => ({service: pair.service}),
    (input, pair) => translate(pair.task, (input as Pick<Pair, 'service'>).service, settings),
  );
  return [
    {name: 'RegisterTaskDefinition', measured: task},
    {name: 'CreateService', measured: service},
  ];
}

function measuredBy(
  leaves: readonly Leaf[],
  baseOf: (pair: Pair) => object,
  translated: (input: object, pair: Pair) => Translation,
): readonly Measured[] {
  return leaves.map((leaf) => {
    const pairs = surroundingsOf(leaf.pattern);
    return measure(
      leaf,
      pairs.map((pair) => ({base: baseOf(pair), translate: (input: object) => translated(input, pair)})),
    );
  });
}

import test from 'ava';
import {translateTask} from '../../src/translate/translate-task.ts';

test('of an override for a container that is not there the name is wrong, and no field that ECS knows', (t) => {
  const definition = {family: 'web', containerDefinitions: [{name: 'web', image: 'web', memory: 64}]};
  const override = {name: 'wbe', command: ['true'], environment: [{name: 'A', value: '1'}], cpu: 10, surprise: true};
  const {manifests, notes} = translateTask(definition, {overrides: {containerOverrides: [override]}}, {name: 'web'});
  t.deepEqual(manifests, []);
  t.deepEqual(
    notes.filter(({path}) => path.startsWith('runTask')).map(({path, reason}) => [path, reason]),
    [
      ['runTask.overrides.containerOverrides[0].name', 'UnknownContainer'],
      ['runTask.overrides.containerOverrides[0].surprise', 'UnknownField'],
    ],
  );
});

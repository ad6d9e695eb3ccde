import test from 'ava';
import {plan} from '../../../src/kinds/task-definition/plan.ts';
import {status} from '../../../src/kinds/task-definition/status.ts';
import {TaskDefinitionStatus} from '../../../src/kinds/task-definition/schema.ts';
import {carryOut, taskDefinition, web} from './objects.ts';

const nothing = {revisions: []};

test('a registered definition shows its revision and its notes', async (t) => {
  const resource = taskDefinition(web);
  const report = status(resource, await carryOut(plan(resource, nothing).steps, nothing));
  t.like(report.fields, {family: 'web', revision: 1, latestRevision: 1, taskDefinition: 'web:1'});
  t.is(report.fields['noteCount'], (report.fields['notes'] as readonly unknown[]).length);
  t.deepEqual(
    report.conditions.map(({type, status}) => [type, status]),
    [['Translated', 'True']],
  );
  t.true(TaskDefinitionStatus.safeParse(report.fields).success);
});

test('a definition that became invalid keeps the revision that was registered, and says what is wrong with it now', (t) => {
  const before = {family: 'web', revision: 3, latestRevision: 4, taskDefinition: 'web:3', conditions: []};
  const report = status(taskDefinition({...web, containerDefinitions: []}, {status: before}), undefined);
  t.like(report.fields, {family: 'web', revision: 3, latestRevision: 4, taskDefinition: 'web:3'});
  t.like(report.conditions[0], {type: 'Translated', status: 'False', reason: 'NotTranslatable'});
  t.regex(report.conditions[0]?.message ?? '', /^containerDefinitions: /);
});

test('a status holds a hundred notes at most, and counts all', (t) => {
  const unknown = Object.fromEntries(Array.from({length: 150}, (_, index) => [`field${index}`, index]));
  const {fields} = status(taskDefinition({...web, ...unknown}), nothing);
  t.is((fields['notes'] as readonly unknown[]).length, 100);
  t.true(Number(fields['noteCount']) >= 150);
});

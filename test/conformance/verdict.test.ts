import test from 'ava';
import type {Note} from '../../src/translate/note.ts';
import {single, type Behaviour} from './behaviour.ts';
import {cell, pageOf, verdictsOn} from './page.ts';
import {rowOf, type Row} from './verdict.ts';

const behaviour: Behaviour = {
  id: 'light',
  title: 'A light is `on | off`',
  ecs: {does: 'it shines', url: 'https://example.com/light'},
  note: /\.light/,
  task: single({}),
  observe: async () => 'it shines',
};

function note(level: Note['level'], reason: string, path = 'containerDefinitions[0].light'): Note {
  return {path, level, reason, message: ''};
}

function glowing(...notes: readonly Note[]): Row {
  return rowOf(behaviour, {here: 'it glows', notes});
}

test('what is as in ECS is the same, whatever the notes say', (t) => {
  t.deepEqual(rowOf(behaviour, {here: 'it shines', notes: [note('ignored', 'LightIgnored')]}), {
    here: 'it shines',
    verdict: 'same',
    why: '',
  });
});

test('a difference is as great as the note on its field', (t) => {
  t.deepEqual(glowing(note('approximated', 'LightDimmed')), {here: 'it glows', verdict: 'approximate', why: '`LightDimmed`'});
  t.like(glowing(note('ignored', 'LightIgnored')), {verdict: 'different', why: '`LightIgnored`'});
  const both = glowing(note('ignored', 'LightIgnored'), note('approximated', 'LightDimmed'), note('ignored', 'Other', 'networkMode'));
  t.like(both, {verdict: 'different', why: '`LightDimmed`, `LightIgnored`'});
});

test('a difference that nothing speaks of is an error', (t) => {
  t.throws(() => rowOf(behaviour, {here: 'it is dark', notes: [note('ignored', 'Other', 'networkMode')]}), {
    message: /light: in ECS “it shines”, here “it is dark”, and no note says so/,
  });
  const explained: Behaviour = {...behaviour, unnoted: {verdict: 'different', why: 'There is no power.'}};
  t.like(rowOf(explained, {here: 'it is dark', notes: []}), {verdict: 'different', why: 'There is no power.'});
});

test('a definition that is refused is the same only where ECS refuses it', (t) => {
  const seen = {refused: ['NoLight']};
  t.deepEqual(rowOf(behaviour, seen), {here: 'refused', verdict: 'different', why: '`NoLight`'});
  t.deepEqual(rowOf({...behaviour, ecs: {...behaviour.ecs, does: 'refused'}}, seen), {here: 'refused', verdict: 'same', why: ''});
});

test('a page has its verdicts in it', (t) => {
  const rows = new Map([
    ['light', {here: 'it glows', verdict: 'approximate', why: '`LightDimmed`'}],
    ['dark', {here: 'it is dark', verdict: 'same', why: ''}],
  ] as const);
  const dark: Behaviour = {...behaviour, id: 'dark', title: 'No light'};
  const page = pageOf([{title: 'Light', behaviours: [behaviour, dark]}], rows, 'v1.2.3');
  t.true(page.includes('Kubernetes v1.2.3'));
  t.true(page.includes('2 behaviours: 1 are the same, 1 approximate, 0 different.'));
  t.true(page.includes('| it shines ([AWS](https://example.com/light)) | it glows | approximate | `LightDimmed` |'));
  const verdicts = verdictsOn(page);
  t.deepEqual(verdicts.get(cell(behaviour.title)), {verdict: 'approximate', why: '`LightDimmed`'});
  t.deepEqual(verdicts.get('No light'), {verdict: 'same', why: ''});
});

import test from 'ava';
import {createLog, errorText} from '../../src/engine/log.ts';

function newLog(): {readonly log: ReturnType<typeof createLog>; readonly lines: string[]} {
  const lines: string[] = [];
  return {log: createLog({level: 'debug', destination: {write: (line) => lines.push(line)}}), lines};
}

test('a line is JSON with a time, a level in words, the message and its fields', (t) => {
  const {log, lines} = newLog();
  log.child({controller: 'repository'}).info({name: 'app'}, 'walk ended');
  const {time, ...rest} = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  t.regex(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.deepEqual(rest, {level: 'info', controller: 'repository', name: 'app', msg: 'walk ended'});
});

test('what could be secret is not written, at any depth it may come at', (t) => {
  const {log, lines} = newLog();
  const secrets = {
    token: 'hush',
    password: 'hush',
    authorization: 'hush',
    headers: {authorization: 'Bearer hush'},
    auths: {'1.dkr.ecr.eu-west-1.amazonaws.com': {auth: 'hush'}},
    '.dockerconfigjson': 'hush',
    data: {'.dockerconfigjson': 'hush', any: 'hush'},
    stringData: {key: 'hush'},
    credentials: {secretAccessKey: 'hush', sessionToken: 'hush'},
  };
  for (const fields of [secrets, {one: secrets}, {one: {two: secrets}}, {one: {two: {three: secrets}}}]) log.info(fields, 'here');
  t.is(lines.length, 4);
  for (const line of lines) t.notRegex(line, /hush/);
  t.regex(lines[0] ?? '', /"token":"\[redacted\]"/);
});

test('of an error only its name, message, code, request id, place and cause are told, never an answer', (t) => {
  const {log, lines} = newLog();
  const error = Object.assign(
    new Error('HTTP-Code: 422\nMessage: Unprocessable\nBody: {"data":{"password":"hush"}}\nHeaders: {"x":"hush"}', {
      cause: Object.assign(new Error('socket'), {request: {headers: {authorization: 'hush'}}}),
    }),
    {code: 422, requestId: 'r-1', body: 'hush', headers: {authorization: 'hush'}, response: {body: 'hush'}},
  );
  log.error({err: error}, 'cannot write');
  t.notRegex(lines[0] ?? '', /hush/);
  t.like(JSON.parse(lines[0] ?? ''), {
    err: {type: 'Error', message: 'HTTP-Code: 422\nMessage: Unprocessable', code: 422, requestId: 'r-1', cause: {message: 'socket'}},
  });
  t.regex(lines[0] ?? '', /log\.test\.ts/);
});

test('what is thrown without being an error is told without its content', (t) => {
  t.deepEqual(errorText({token: 'hush'}), {type: 'object', message: 'not an Error'});
  t.deepEqual(errorText('plain'), {type: 'string', message: 'plain'});
});

test('a cause that is its own cause ends', (t) => {
  const error = new Error('round');
  error.cause = error;
  t.is(JSON.stringify(errorText(error)).split('round').length - 1, 5);
});

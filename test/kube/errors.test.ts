import test from 'ava';
import {answeredBy, answeredInWatch, retryAfterSeconds} from '../../src/kube/answer.ts';
import type {Asked} from '../../src/kube/errors.ts';
import {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isNamespaceTerminating,
  isNotFound,
  isUnavailable,
  KubeError,
} from '../../src/kube/errors.ts';
import {failureOf} from '../../src/kube/failure.ts';
import {outcomeOf} from '../../src/kinds/outcome.ts';
import {deployments, repositories, secrets} from '../../src/schema/types.ts';

const asked: Asked = {verb: 'patch', type: deployments, name: 'web', namespace: 'a'};

function refused(status: number, body: object, about: Asked = asked, retryAfter?: number): KubeError {
  return new KubeError(about, answeredBy(status, JSON.stringify({kind: 'Status', code: status, ...body}), retryAfter));
}

test('a conflict is looked at again after a second', (t) => {
  const error = refused(409, {reason: 'Conflict', message: 'the object has been modified'});
  t.deepEqual(error.outcome, {
    is: 'waiting',
    reason: 'Conflict',
    message: 'patch deployments a/web: the object has been modified',
    seconds: 1,
  });
  t.true(isConflict(error));
  t.false(isAlreadyExists(error));
  t.is(outcomeOf(error), error.outcome);
});

test('an object that exists already is no conflict', (t) => {
  const error = refused(409, {reason: 'AlreadyExists', message: 'exists'});
  t.true(isAlreadyExists(error));
  t.false(isConflict(error));
  t.is(error.outcome.reason, 'AlreadyExists');
});

test('a missing right is told as the rule to add, in the words of the API server about the verb', (t) => {
  const message =
    'deployments.apps "web" is forbidden: User "system:serviceaccount:drayage:drayage" cannot create resource "deployments" in API group "apps" in the namespace "a"';
  const error = refused(403, {reason: 'Forbidden', message});
  t.deepEqual(error.outcome, {
    is: 'stalled',
    reason: 'Forbidden',
    message:
      'the operator may not create deployments in namespace a: add apiGroups ["apps"], resources ["deployments"], verbs ["create"] to the ClusterRole of the chart',
    seconds: 300,
  });
  t.true(isForbidden(error));
});

test('a missing right on a subresource names it', (t) => {
  const message = 'User "x" cannot patch resource "repositories/status" in API group "ecr.drayage.dev" in the namespace "a"';
  const error = refused(403, {reason: 'Forbidden', message}, {...asked, type: repositories, subresource: 'status'});
  t.regex(error.message, /resources \["repositories\/status"\], verbs \["patch"\]/);
});

for (const [status, message] of [
  [403, 'pods "web" is forbidden: violates PodSecurity "restricted:latest"'],
  [403, 'secrets "x" is forbidden: exceeded quota: objects'],
  [400, 'admission webhook "policy.example.com" denied the request: no'],
] as const) {
  test(`what admission refuses is not taken for a missing right: ${message}`, (t) => {
    const error = refused(status, {reason: 'Forbidden', message});
    t.like(error.outcome, {is: 'stalled', reason: 'AdmissionDenied', seconds: 300});
    t.true(error.message.endsWith(message));
    t.false(isForbidden(error));
  });
}

test('invalid objects wait for the user', (t) => {
  t.like(refused(422, {reason: 'Invalid', message: 'spec.replicas: must be positive'}).outcome, {is: 'stalled', reason: 'InvalidObject'});
  t.like(refused(400, {reason: 'BadRequest', message: 'no'}).outcome, {is: 'stalled', reason: 'InvalidRequest'});
  t.like(refused(413, {reason: 'RequestEntityTooLarge', message: 'no'}).outcome, {is: 'stalled', reason: 'InvalidSize'});
});

for (const status of [429, 500, 502, 503, 504]) {
  test(`${status} is an API server that is unavailable, for as long as it says`, (t) => {
    t.like(refused(status, {message: 'no'}, asked, 7).outcome, {is: 'failed', reason: 'ApiServerUnavailable', seconds: 7});
    t.false('seconds' in refused(status, {message: 'no'}).outcome);
    t.true(isUnavailable(refused(status, {})));
  });
}

test('retryAfterSeconds in a Status counts where there is no header', (t) => {
  t.is(refused(429, {details: {retryAfterSeconds: 4}}).retryAfter, 4);
  t.is(refused(429, {details: {retryAfterSeconds: 4}}, asked, 2).retryAfter, 2);
});

test('Retry-After is read as seconds or as a date', (t) => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  t.is(retryAfterSeconds('5', now), 5);
  t.is(retryAfterSeconds('Thu, 01 Jan 2026 00:00:09 GMT', now), 9);
  t.is(retryAfterSeconds('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
  t.is(retryAfterSeconds('soon', now), undefined);
  t.is(retryAfterSeconds(undefined, now), undefined);
});

test('a namespace that is being deleted, or gone, is recognised', (t) => {
  const terminating = refused(403, {
    reason: 'Forbidden',
    message: 'secrets "x" is forbidden: unable to create new content in namespace a because it is being terminated',
    details: {name: 'x', kind: 'secrets', causes: [{reason: 'NamespaceTerminating', field: 'metadata.namespace'}]},
  });
  const gone = refused(404, {reason: 'NotFound', message: 'namespaces "a" not found', details: {name: 'a', kind: 'namespaces'}});
  for (const error of [terminating, gone]) {
    t.true(isNamespaceTerminating(error));
    t.false(isForbidden(error));
    t.like(error.outcome, {is: 'waiting', reason: 'NamespaceTerminating', seconds: 30});
  }
  t.false(isNamespaceTerminating(refused(404, {reason: 'NotFound', details: {name: 'web', kind: 'deployments'}})));
});

test('a missing object and a type that is not served are told apart', (t) => {
  const missing = refused(404, {reason: 'NotFound', message: 'not found', details: {kind: 'deployments', name: 'web'}});
  t.true(isNotFound(missing));
  t.like(missing.outcome, {is: 'waiting', reason: 'NotFound'});
  const notServed = new KubeError({verb: 'list', type: repositories}, answeredBy(404, '404 page not found', undefined));
  t.like(notServed.outcome, {is: 'failed', reason: 'TypeNotServed'});
});

test('an expired resourceVersion is Gone, by status and within a watch', (t) => {
  t.true(isGone(refused(410, {reason: 'Expired', message: 'too old'})));
  t.true(isGone(new KubeError(asked, answeredInWatch({kind: 'Status', code: 410, reason: 'Gone', message: 'too old'}))));
  t.false(isGone(refused(500, {})));
});

test('an ERROR event without a code counts as an error of the server', (t) => {
  t.is(new KubeError(asked, answeredInWatch({})).status, 500);
  t.is(new KubeError(asked, answeredInWatch(undefined)).status, 500);
});

test('connection errors are told by their code', (t) => {
  const broken = Object.assign(new Error('read ECONNRESET at 10.0.0.1 with header Bearer abc'), {code: 'ECONNRESET'});
  const error = new KubeError(asked, failureOf(broken));
  t.deepEqual(error.outcome, {
    is: 'failed',
    reason: 'ApiServerUnavailable',
    message: 'patch deployments a/web: the connection broke (ECONNRESET)',
  });
  t.is(failureOf(new DOMException('x', 'TimeoutError')).reason, 'Timeout');
  t.is(failureOf(Object.assign(new Error('x'), {code: 'ECONNREFUSED'})).reason, 'Unreachable');
  t.is(failureOf(Object.assign(new Error('self-signed'), {code: 'DEPTH_ZERO_SELF_SIGNED_CERT'})).reason, 'BadCertificate');
  t.is(failureOf(new SyntaxError('Unexpected token in {"data":"abc"}')).message, 'the answer is not JSON');
});

test('what the API server says about a Secret is cut down to the fields', (t) => {
  const body = {
    reason: 'Invalid',
    message: 'Secret "x" is invalid: data[password]: Invalid value: "hunter2"',
    details: {causes: [{reason: 'FieldValueInvalid', message: 'Invalid value: "hunter2"', field: 'data[password]'}]},
  };
  const error = refused(422, body, {verb: 'patch', type: secrets, name: 'x', namespace: 'a'});
  t.is(error.message, 'patch secrets a/x: 422 Invalid (data[password])');
  t.false(JSON.stringify([error, error.stack]).includes('hunter2'));
});

test('tokens that a webhook quotes are left out, and long messages are cut', (t) => {
  t.is(refused(500, {message: 'sent Authorization: Bearer abc.def'}).message, 'patch deployments a/web: sent Authorization: Bearer …');
  t.is(refused(500, {message: 'jwt eyJhbGciOi.eyJzdWIi.c2ln end'}).message, 'patch deployments a/web: jwt … end');
  t.true(refused(422, {message: 'x'.repeat(5000)}).message.length < 700);
});

test('an answer that is no Status is told by its number only', (t) => {
  const error = new KubeError(asked, answeredBy(502, '<html>secret of a proxy</html>', undefined));
  t.is(error.message, 'patch deployments a/web: answered 502 without a reason');
});

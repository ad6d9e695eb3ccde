import {Secret} from '../../schema/secret.ts';
import {textIn} from '../../schema/secret-data.ts';
import type {StoredSecret} from '../../aws/secret-store.ts';
import {secrets} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import {type Applied, requestOf} from '../kind.ts';
import {Interruption} from '../outcome.ts';
import {loginIn} from './credential.ts';
import type {Observed} from './observed.ts';
import {invalidCredentialSecret, noCredentialSecret} from './outcomes.ts';
import {recoveryDays} from './plan-deletion.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import type {CacheStep} from './step.ts';

/** Makes one call, and says what is then known. */
export async function apply(step: CacheStep, doors: Doors): Promise<Applied<Observed>> {
  const store = doors.aws.secrets(step.location);
  const rules = doors.aws.pullThroughCacheRules(step.location);
  const templates = doors.aws.repositoryTemplates(step.location);
  switch (step.call) {
    case 'CreateSecret': {
      const answer = await store.create(step.storedName, await readLogin(step.spec, doors), step.tags);
      const arn = answer.value;
      if (arn === undefined) {
        const message = `the secret ${step.storedName} appeared while it was being created`;
        throw new Interruption({is: 'waiting', reason: 'SecretNotOwned', message, seconds: 1});
      }
      return {advance: (observed) => stored(observed, () => ({arn, tags: step.tags, isDeleted: false})), ...requestOf(answer)};
    }
    case 'PutSecretValue': {
      const answer = await store.put(step.storedName, await readLogin(step.spec, doors));
      // Only then: where the operator dies between the two, the value is put again.
      await store.tag(step.storedName, step.tags);
      return {
        // Whether the new value is good, ECR must be asked.
        advance: (observed) => unvalidated(stored(observed, (secret) => ({...secret, tags: {...secret.tags, ...step.tags}}))),
        ...requestOf(answer),
      };
    }
    case 'RestoreSecret': {
      const answer = await store.restore(step.storedName);
      return {advance: (observed) => unvalidated(stored(observed, (secret) => ({...secret, isDeleted: false}))), ...requestOf(answer)};
    }
    case 'DeleteSecret': {
      const answer = await store.delete(step.storedName, recoveryDays);
      return {advance: (observed) => stored(observed, (secret) => ({...secret, isDeleted: true})), ...requestOf(answer)};
    }
    case 'CreateRepositoryCreationTemplate': {
      const answer = await templates.create(step.template);
      const made = answer.value;
      if (made === undefined) {
        const message = `the template ${step.template.prefix} appeared while it was being created`;
        throw new Interruption({is: 'waiting', reason: 'TemplateNotOwned', message, seconds: 1});
      }
      const template = {...step.template, ...timesOf(made)};
      return {advance: (observed) => ({...observed, template}), ...requestOf(answer)};
    }
    case 'UpdateRepositoryCreationTemplate': {
      const answer = await templates.update(step.template);
      const template = {...step.template, ...timesOf(answer.value)};
      return {advance: (observed) => ({...observed, template}), ...requestOf(answer)};
    }
    case 'DeleteRepositoryCreationTemplate': {
      const answer = await templates.delete(step.prefix);
      return {advance: (observed) => ({...observed, template: 'absent'}), ...requestOf(answer)};
    }
    case 'CreatePullThroughCacheRule': {
      const answer = await rules.create(step.rule);
      const made = answer.value;
      if (made === undefined) {
        const message = `the rule ${step.rule.ecrRepositoryPrefix} appeared while it was being created`;
        throw new Interruption({is: 'waiting', reason: 'RuleNotOwned', message, seconds: 1});
      }
      const rule = {...step.rule, ...(made.createdAt !== undefined && {createdAt: made.createdAt})};
      return {advance: (observed) => unvalidated({...observed, rule}), ...requestOf(answer)};
    }
    case 'UpdatePullThroughCacheRule': {
      const {ecrRepositoryPrefix, credentialArn, customRoleArn} = step.rule;
      const change = {...(credentialArn !== undefined && {credentialArn}), ...(customRoleArn !== undefined && {customRoleArn})};
      const answer = await rules.update(ecrRepositoryPrefix, change);
      return {
        advance: (observed) =>
          typeof observed.rule === 'string' ? observed : unvalidated({...observed, rule: {...observed.rule, ...change, ...answer.value}}),
        ...requestOf(answer),
      };
    }
    case 'DeletePullThroughCacheRule': {
      const answer = await rules.delete(step.prefix);
      return {advance: (observed) => unvalidated({...observed, rule: 'absent'}), ...requestOf(answer)};
    }
  }
  return step satisfies never;
}

/** What ECR reads: a JSON object with username and accessToken. It goes from the one Secret into the other, and nowhere else. */
async function readLogin(spec: PullThroughCacheSpec, {kube}: Doors): Promise<Secret> {
  const {credentialSecretRef: ref} = spec;
  const secret = ref && (await kube.get({type: secrets, namespace: ref.namespace, name: ref.name}));
  if (secret === undefined) throw new Interruption(noCredentialSecret(spec));
  const login = loginIn((key) => textIn(secret, key), spec);
  if (login.is === 'fault') throw new Interruption(invalidCredentialSecret(spec, login.fault));
  const {username, accessToken} = login;
  return new Secret(JSON.stringify({username, accessToken}));
}

function stored(observed: Observed, change: (secret: StoredSecret) => StoredSecret): Observed {
  const {credential} = observed;
  if (credential.is !== 'secret') return observed;
  const before = credential.stored === 'absent' ? {arn: '', tags: {}, isDeleted: false} : credential.stored;
  return {...observed, credential: {...credential, stored: change(before)}};
}

function unvalidated(observed: Observed): Observed {
  const {validity: _, ...rest} = observed;
  return rest;
}

function timesOf({createdAt, updatedAt}: {readonly createdAt?: string; readonly updatedAt?: string}) {
  return {...(createdAt !== undefined && {createdAt}), ...(updatedAt !== undefined && {updatedAt})};
}

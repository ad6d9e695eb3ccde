import {signedHeaders} from './sign.ts';
import type {Credentials} from './sign.ts';

export interface RoleInput {
  readonly name: string;
  /** Who may assume it with a web identity token: the token's `sub`, as `system:serviceaccount:<namespace>:<name>`. */
  readonly subject?: string;
  /** ARNs of those that may assume it with AssumeRole, with session tags too. */
  readonly trusts?: readonly string[];
  /** What they must give as external id; left out, none is asked for. */
  readonly externalId?: string;
  /** IAM actions that its policy allows, as `ecr:CreateRepository` or `ecr:*`. */
  readonly actions: readonly string[];
  /** ARNs that the actions are allowed on; `*` where left out. */
  readonly resources?: readonly string[];
}

/** IAM as the account's root. */
export interface Iam {
  /**
   * Registers an OIDC provider, whose tokens roles created from now on trust, for the audiences of tokens, `sts.amazonaws.com`
   * where left out. Doing it again is fine, and adds audiences.
   */
  registerIssuer(url: string, clientIds?: readonly string[]): Promise<void>;
  /** Creates the role with its trust and one inline policy, or gives an existing one of that name these. Its ARN. */
  createRole(input: RoleInput): Promise<string>;
}

const provider = (accountId: string, issuer: string) => `arn:aws:iam::${accountId}:oidc-provider/${issuer}`;

/** `registered` is an issuer that was registered before, if any. */
export function iamAt(endpoint: string, credentials: Credentials, accountId: string, registered?: string): Iam {
  let issuer = registered === undefined ? undefined : withoutScheme(registered);

  async function call(action: string, input: Readonly<Record<string, string>>): Promise<{readonly error?: string; readonly text: string}> {
    const url = new URL(endpoint);
    const body = new URLSearchParams({Action: action, Version: '2010-05-08', ...input}).toString();
    const headers = {'content-type': 'application/x-www-form-urlencoded; charset=utf-8'};
    const signed = signedHeaders({url, service: 'iam', region: 'us-east-1', body, headers}, credentials, new Date());
    const response = await fetch(url, {method: 'POST', headers: signed, body});
    const text = await response.text();
    return response.ok ? {text} : {text, error: /<Code>([^<]+)/.exec(text)?.[1] ?? String(response.status)};
  }

  async function must(action: string, input: Readonly<Record<string, string>>): Promise<void> {
    const {error, text} = await call(action, input);
    if (error !== undefined) throw new Error(`IAM ${action}: ${error}: ${text}`);
  }

  return {
    async registerIssuer(url, clientIds = ['sts.amazonaws.com']) {
      issuer = withoutScheme(url);
      const list = Object.fromEntries(clientIds.map((id, index) => [`ClientIDList.member.${index + 1}`, id]));
      const {error, text} = await call('CreateOpenIDConnectProvider', {Url: url, ...list});
      if (error === undefined) return;
      if (error !== 'EntityAlreadyExists') throw new Error(`IAM CreateOpenIDConnectProvider: ${error}: ${text}`);
      const OpenIDConnectProviderArn = provider(accountId, issuer);
      for (const ClientID of clientIds) await must('AddClientIDToOpenIDConnectProvider', {OpenIDConnectProviderArn, ClientID});
    },
    async createRole({name, subject, trusts, externalId, actions, resources = ['*']}) {
      const trust = {Version: '2012-10-17', Statement: [...webIdentity(accountId, issuer, subject), ...assumeRole(trusts, externalId)]};
      const document = JSON.stringify(trust);
      const {error, text} = await call('CreateRole', {RoleName: name, AssumeRolePolicyDocument: document});
      if (error === 'EntityAlreadyExists') await must('UpdateAssumeRolePolicy', {RoleName: name, PolicyDocument: document});
      else if (error !== undefined) throw new Error(`IAM CreateRole: ${error}: ${text}`);
      const policy = {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: actions, Resource: resources}]};
      await must('PutRolePolicy', {RoleName: name, PolicyName: 'allowed', PolicyDocument: JSON.stringify(policy)});
      return `arn:aws:iam::${accountId}:role/${name}`;
    },
  };
}

/** An issuer as IAM names it. */
function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

// There is no condition on `aud`: a Kubernetes token carries it as a list, and ministack 1.5.33 fails a StringEquals on a list. The
// gateway checks it against the provider's client ids.
function webIdentity(accountId: string, issuer: string | undefined, subject: string | undefined): readonly object[] {
  if (subject === undefined) return [];
  if (issuer === undefined) throw new Error('Register an issuer before a role that trusts its tokens');
  const condition = {StringEquals: {[`${issuer}:sub`]: subject}};
  return [
    {Effect: 'Allow', Principal: {Federated: provider(accountId, issuer)}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: condition},
  ];
}

function assumeRole(trusts: readonly string[] | undefined, externalId: string | undefined): readonly object[] {
  if (trusts === undefined) return [];
  const condition = externalId === undefined ? {} : {Condition: {StringEquals: {'sts:ExternalId': externalId}}};
  const allowed = {Effect: 'Allow', Principal: {AWS: trusts}};
  return [
    {...allowed, Action: 'sts:AssumeRole', ...condition},
    {...allowed, Action: 'sts:TagSession'},
  ];
}

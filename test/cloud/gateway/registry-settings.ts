import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import type {Handler, Handlers} from './handler.ts';
import {lengthRule, oneOf, patternRule, sizeRule} from './input-rules.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';
import {pageOf} from './pages.ts';

/** What moto lacks of a registry's settings, by region. */
interface Settings {
  readonly account: Map<string, string>;
  readonly exclusions: Set<string>;
  signing?: Json;
}

const regions = new Map<string, Settings>();
const accountId = '123456789012';

/** The settings of an account, with the values that may be put and the one that is there before. */
const accountSettings: Readonly<Record<string, {readonly values: readonly string[]; readonly first: string}>> = {
  BASIC_SCAN_TYPE_VERSION: {values: ['AWS_NATIVE'], first: 'CLAIR'},
  REGISTRY_POLICY_SCOPE: {values: ['V2'], first: 'V1'},
  BLOB_MOUNTING: {values: ['ENABLED', 'DISABLED'], first: 'DISABLED'},
};

const getAccountSetting: Handler = async (_, call, input) => {
  const name = textOf(input['name']);
  const wrong = oneOf(Object.keys(accountSettings))(name);
  if (wrong !== undefined) return errorAnswer(call, invalid('name', wrong));
  return jsonAnswer({name, value: settingsOf(call.region).account.get(name) ?? accountSettings[name]?.first});
};

const putAccountSetting: Handler = async (_, call, input) => {
  const [name, value] = [textOf(input['name']), textOf(input['value'])];
  const wrongName = oneOf(Object.keys(accountSettings))(name);
  if (wrongName !== undefined) return errorAnswer(call, invalid('name', wrongName));
  const wrongValue = oneOf(accountSettings[name]?.values ?? [])(value);
  if (wrongValue !== undefined) return errorAnswer(call, invalid('value', wrongValue));
  settingsOf(call.region).account.set(name, value);
  return jsonAnswer({name, value});
};

const getSigning: Handler = async (_, call) => {
  const {signing} = settingsOf(call.region);
  if (signing === undefined) {
    const message = `The signing configuration for the registry with id '${accountId}' does not exist`;
    return errorAnswer(call, {type: 'SigningConfigurationNotFoundException', message});
  }
  return jsonAnswer({registryId: accountId, signingConfiguration: signing});
};

const putSigning: Handler = async (_, call, input) => {
  const signing = input['signingConfiguration'] as Json | undefined;
  const wrong = signingError(signing);
  if (wrong) return errorAnswer(call, wrong);
  settingsOf(call.region).signing = signing ?? {};
  return jsonAnswer({signingConfiguration: signing});
};

const deleteSigning: Handler = async (context, call, input) => {
  const reply = await getSigning(context, call, input);
  delete settingsOf(call.region).signing;
  return reply;
};

function signingError(signing: Json | undefined): AwsError | undefined {
  const rules = signing?.['rules'];
  const broken = sizeRule(0, 10)(rules);
  if (broken !== undefined) return invalid('signingConfiguration.rules', broken);
  for (const rule of rules as readonly Json[]) {
    const arn = patternRule(/^arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:\d{12}:\/signing-profiles\/\w+$/)(rule['signingProfileArn']);
    if (arn !== undefined) return invalid('signingProfileArn', arn);
    const filters = rule['repositoryFilters'] ?? [];
    const size = sizeRule(0, 100)(filters);
    if (size !== undefined) return invalid('repositoryFilters', size);
    const type = (filters as readonly Json[])
      .map((filter) => oneOf(['WILDCARD_MATCH'])(filter['filterType']))
      .find((text) => text !== undefined);
    if (type !== undefined) return invalid('filterType', type);
  }
  return undefined;
}

const register: Handler = async (_, call, input) => {
  const wrong = principalError(input);
  if (wrong) return errorAnswer(call, wrong);
  const {exclusions} = settingsOf(call.region);
  const principalArn = textOf(input['principalArn']);
  if (exclusions.has(principalArn)) {
    return errorAnswer(call, {type: 'ExclusionAlreadyExistsException', message: `The exclusion for '${principalArn}' already exists`});
  }
  if (exclusions.size >= 100) return errorAnswer(call, {type: 'LimitExceededException', message: 'The limit of 100 exclusions is reached'});
  exclusions.add(principalArn);
  return jsonAnswer({principalArn, createdAt: Date.now() / 1000});
};

const deregister: Handler = async (_, call, input) => {
  const wrong = principalError(input);
  if (wrong) return errorAnswer(call, wrong);
  const principalArn = textOf(input['principalArn']);
  if (!settingsOf(call.region).exclusions.delete(principalArn)) {
    return errorAnswer(call, {type: 'ExclusionNotFoundException', message: `The exclusion for '${principalArn}' does not exist`});
  }
  return jsonAnswer({principalArn});
};

const listExclusions: Handler = async (_, call, input) => {
  const items = [...settingsOf(call.region).exclusions].map((principalArn) => ({principalArn}));
  const {value, error} = pageOf(call.operation, input, {pullTimeUpdateExclusions: items});
  if (error) return errorAnswer(call, error);
  const page = value['pullTimeUpdateExclusions'] as readonly {readonly principalArn: string}[];
  return jsonAnswer({...value, pullTimeUpdateExclusions: page.map(({principalArn}) => principalArn)});
};

export const registrySettingsHandlers: Handlers = {
  GetAccountSetting: getAccountSetting,
  PutAccountSetting: putAccountSetting,
  GetSigningConfiguration: getSigning,
  PutSigningConfiguration: putSigning,
  DeleteSigningConfiguration: deleteSigning,
  RegisterPullTimeUpdateExclusion: register,
  DeregisterPullTimeUpdateExclusion: deregister,
  ListPullTimeUpdateExclusions: listExclusions,
};

function principalError(input: Json): AwsError | undefined {
  const arn = input['principalArn'];
  const wrong = lengthRule(1, 200)(arn) ?? patternRule(/^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/)(arn);
  return wrong === undefined ? undefined : invalid('principalArn', wrong);
}

function settingsOf(region: string): Settings {
  const known = regions.get(region) ?? {account: new Map(), exclusions: new Set()};
  regions.set(region, known);
  return known;
}

import {errorAnswer, jsonAnswer} from './answers.ts';
import type {Context} from './context.ts';
import type {Handlers} from './handler.ts';
import {readLifecyclePolicy} from './lifecycle-rules.ts';
import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {outcomeOf} from './moto.ts';

/** The texts that moto does not know the words of, by the text that it was given instead. */
const originals = new WeakMap<Context, Map<string, string>>();

/** Lifecycle policies with archiving, which moto 5.2.5 refuses. */
export const lifecyclePolicyHandlers: Handlers = {PutLifecyclePolicy: put, GetLifecyclePolicy: restored, DeleteLifecyclePolicy: restored};

/** The policy in force; undefined where there is none. */
export async function policyTextOf(context: Context, region: string, repositoryName: string): Promise<string | undefined> {
  const {value} = await context.moto.ask(region, 'GetLifecyclePolicy', {repositoryName});
  return value && originalOf(context, value);
}

async function put(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const text = textOf(input['lifecyclePolicyText']);
  const policy = readLifecyclePolicy(text);
  if ('error' in policy) return errorAnswer(call, policy.error);
  if (!/"(?:archive|transition|sinceImagePulled)"/.test(text)) return context.moto.forward(call);
  const simple = simplified(text);
  const known = originals.get(context) ?? new Map<string, string>();
  originals.set(context, known.set(simple, text));
  return answer(context, call, await context.moto.forward(call, {...input, lifecyclePolicyText: simple}));
}

async function restored(context: Context, call: AwsCall): Promise<Reply> {
  return answer(context, call, await context.moto.forward(call));
}

function answer(context: Context, call: AwsCall, reply: Reply): Reply {
  const {value, error} = outcomeOf(reply);
  return error ? errorAnswer(call, error) : jsonAnswer({...value, lifecyclePolicyText: originalOf(context, value)});
}

function originalOf(context: Context, value: Json): string {
  const text = textOf(value['lifecyclePolicyText']);
  return originals.get(context)?.get(text) ?? text;
}

/** A text of its own for each original, in words that moto takes. */
function simplified(text: string): string {
  const {rules} = parseObject(text) as {readonly rules: readonly Json[]};
  const simple = rules.map((rule) => {
    const {storageClass: _, ...selection} = rule['selection'] as Json;
    const countType = selection['countType'] === 'imageCountMoreThan' ? 'imageCountMoreThan' : 'sinceImagePushed';
    return {...rule, selection: {...selection, countType}, action: {type: 'expire'}};
  });
  return JSON.stringify({rules: simple.map((rule) => ({...rule, description: text}))});
}

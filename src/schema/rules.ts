import * as z from 'zod';

/** A CEL rule, as a CRD carries it. */
export interface Validation {
  readonly rule: string;
  /** What the user reads when the rule does not hold: what is wrong, and how to mend it. */
  readonly message: string;
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  /** The field that the error names, relative to the schema that carries the rule: `.encryption.kmsKey`. */
  readonly fieldPath?: string;
}

/** What a schema means to Kubernetes beyond its zod type. */
export type Word =
  | {readonly is: 'intOrString'}
  | {readonly is: 'listMap'; readonly keys: readonly string[]}
  | {readonly is: 'set'}
  | {readonly is: 'mapOf'; readonly max: number};

const words = z.registry<{word: Word}>();
const validations = new WeakMap<object, Validation>();
const saidByWord = new WeakSet<object>();

/** The word that a schema was written with, also after `.max()`, `.describe()` and the like. */
export function wordOf(schema: z.core.$ZodType): Word | undefined {
  return words.get(schema)?.word;
}

/** What the API server is told of a check: its CEL rule, `'word'` where a word says it already, or nothing. */
export function saidOf(check: object): Validation | 'word' | undefined {
  return saidByWord.has(check) ? 'word' : validations.get(check);
}

/**
 * A rule that the API server enforces (CEL) and the operator too (`test`): one message, two guards. Both see the value with
 * its defaults filled in. Every list and map that the rule can reach needs a maximum, or the API server refuses its cost.
 */
export function rule<S extends z.ZodType>(schema: S, given: Validation & {readonly test: (value: z.output<S>) => boolean}): S {
  const {test, ...validation} = given;
  if (namesOldSelf(validation.rule)) throw new TypeError(`rule() sees one value only: use transition() for ${validation.rule}`);
  return withRule(schema, validation, test);
}

/** A rule on how a value may change: its CEL names `oldSelf`. Only the API server can enforce it, on updates. */
export function transition<S extends z.ZodType>(schema: S, validation: Validation): S {
  if (!namesOldSelf(validation.rule)) throw new TypeError(`transition() must name oldSelf: use rule() for ${validation.rule}`);
  return withRule(schema, validation, () => true);
}

/** The CEL of `immutable`. */
export const unchanged = 'self == oldSelf';

/**
 * A value that stays as it was created. Where the field is optional, its parent gets a rule too, so that it can neither be
 * added nor removed later (structural.ts does that).
 */
export function immutable<S extends z.ZodType>(schema: S): S {
  return transition(schema, {rule: unchanged, message: 'is immutable'});
}

export function namesOldSelf(cel: string): boolean {
  return /\boldSelf\b/.test(cel);
}

function withRule<S extends z.ZodType>(schema: S, validation: Validation, test: (value: z.output<S>) => boolean): S {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    throw new TypeError(`${validation.rule}: CEL does not see what is absent; put the rule inside, then .optional()`);
  }
  const check = z.refine<z.output<S>>(test, {error: validation.message});
  validations.set(check, validation);
  return schema.check(check);
}

/** Kubernetes' IntOrString. As the API server does, it takes whole numbers beyond 32 bits too: add a rule() where that matters. */
export function intOrString(): z.ZodUnion<readonly [z.ZodInt, z.ZodString]> {
  return z.union([z.int(), z.string()]).register(words, {word: {is: 'intOrString'}});
}

/**
 * Any JSON object, kept whole by the API server: its contents are for the operator to judge. Where some members are known,
 * z.looseObject({…}) says so.
 */
export function anyObject(): z.ZodType<Record<string, unknown>, Record<string, unknown>> {
  return z.looseObject({});
}

/** A list whose items are known by `keys`: server-side apply merges it item by item, and two items never share their keys. */
export function listMap<I extends z.ZodObject>(
  item: I,
  ...keys: readonly [keyof z.output<I> & string, ...(keyof z.output<I> & string)[]]
): z.ZodArray<I> {
  const unique = distinct<z.output<I>>((one) => JSON.stringify(keys.map((key) => one[key])), `two items share ${keys.join(' and ')}`);
  return z
    .array(item)
    .check(unique)
    .register(words, {word: {is: 'listMap', keys}});
}

/** A list without duplicates, in which order means nothing. */
export function set<I extends z.ZodType<string | number | boolean>>(item: I): z.ZodArray<I> {
  const unique = distinct<z.output<I>>((one) => JSON.stringify(one), 'items must be distinct');
  return z
    .array(item)
    .check(unique)
    .register(words, {word: {is: 'set'}});
}

/** An object with free keys, at most `max` of them. */
export function mapOf<V extends z.ZodType>(value: V, {max}: {readonly max: number}): z.ZodRecord<z.ZodString, V> {
  const few = z.refine<Record<string, unknown>>((map) => Object.keys(map).length <= max, {error: `at most ${max} entries`});
  saidByWord.add(few);
  const map = z.record(z.string(), value);
  return map.check(few).register(words, {word: {is: 'mapOf', max}});
}

function distinct<T>(identity: (item: T) => string, error: string): z.core.$ZodCheck<T[]> {
  const check = z.refine<T[]>((items) => new Set(items.map((item) => identity(item))).size === items.length, {error});
  saidByWord.add(check);
  return check;
}

const celKeywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** A field's name as CEL spells it: `namespace` is `__namespace__`, `a-b` is `a__dash__b`. */
export function celName(field: string): string {
  if (celKeywords.has(field)) return `__${field}__`;
  return field.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}

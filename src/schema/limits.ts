import type * as z from 'zod';
import {saidOf, type Validation} from './rules.ts';
import type {StructuralSchema} from './structural-schema.ts';
import {checkDefOf, defOf} from './zod-def.ts';

type Said =
  | 'minimum'
  | 'exclusiveMinimum'
  | 'maximum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'pattern';

/** What a schema's checks say of a value, in the words of OpenAPI. */
export interface Limits extends Pick<StructuralSchema, Said> {
  readonly type?: 'integer';
  readonly format?: 'date-time' | 'int32' | 'int64';
  readonly validations: readonly Validation[];
}

type Refuse = (why: string) => never;
type Draft = {-readonly [K in keyof Limits]: Limits[K]} & {validations: Validation[]};
interface Format {
  readonly format: string;
  readonly pattern?: RegExp | undefined;
}

/** Formats that zod checks by their pattern alone, so that the pattern says all there is to say. */
const sameAsPattern = new Set(['regex', 'starts_with', 'ends_with', 'lowercase', 'uppercase', 'uuid', 'email', 'ipv4']);

/** Reads every check of a schema, or refuses: nothing that zod enforces may be unknown to the API server. */
export function limitsOf(schema: z.core.$ZodType, refuse: Refuse): Limits {
  const draft: Draft = {validations: []};
  const def: z.core.$ZodTypeDef & {readonly check?: string; readonly format?: string | undefined; readonly pattern?: RegExp | undefined} =
    defOf(schema);
  if (def.check === 'string_format') readFormat(draft, def as Format, refuse);
  if (def.check === 'number_format') readNumberFormat(draft, def.format ?? '', refuse);
  for (const check of def.checks ?? []) readCheck(draft, def.type, check, refuse);
  return wholeNumbers(draft);
}

function readCheck(draft: Draft, type: string, check: z.core.$ZodCheck, refuse: Refuse): void {
  const said = saidOf(check);
  if (said === 'word') return;
  if (said) {
    draft.validations.push(said);
    return;
  }
  const def = checkDefOf(check);
  if (!isSayable(def)) return refuse('.refine() and the like are unknown to the API server: use rule(), which pairs them with CEL');
  switch (def.check) {
    case 'less_than':
      return raise(draft, Number(def.value), def.inclusive);
    case 'greater_than':
      return lower(draft, Number(def.value), def.inclusive);
    case 'multiple_of':
      if (draft.multipleOf !== undefined) refuse('two multipleOf: merge them');
      draft.multipleOf = Number(def.value);
      return;
    case 'number_format':
      return readNumberFormat(draft, def.format, refuse);
    case 'min_length':
      return length(draft, type, def.minimum, undefined);
    case 'max_length':
      return length(draft, type, undefined, def.maximum);
    case 'length_equals':
      return length(draft, type, def.length, def.length);
    case 'string_format':
      return readFormat(draft, def, refuse);
    case 'overwrite':
      return refuse('trim() and the like change the value for the operator only: say what is allowed with a pattern');
  }
}

const sayable = [
  'less_than',
  'greater_than',
  'multiple_of',
  'number_format',
  'min_length',
  'max_length',
  'length_equals',
  'string_format',
  'overwrite',
] as const;

type CheckDef = ReturnType<typeof checkDefOf>;

function isSayable(def: CheckDef): def is Extract<CheckDef, {check: (typeof sayable)[number]}> {
  return (sayable as readonly string[]).includes(def.check);
}

function readFormat(draft: Draft, {format, pattern}: Format, refuse: Refuse): void {
  if (format === 'datetime') {
    draft.format = 'date-time';
    return;
  }
  if (!pattern || !sameAsPattern.has(format)) return refuse(`format ${format} means something else to the API server: use .regex()`);
  if (pattern.flags !== '' && pattern.flags !== 'u') return refuse(`pattern flags /${pattern.flags} are dropped by JSON Schema`);
  if (draft.pattern !== undefined) return refuse('two patterns on one string: merge them, or use rule()');
  const alien = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k<|\\u|\\c|\[\^?\]/.exec(pattern.source);
  if (alien) return refuse(`pattern ${pattern.source} is not RE2 (${alien[0]}): rewrite it, or use rule()`);
  draft.pattern = pattern.source;
}

function readNumberFormat(draft: Draft, format: string, refuse: Refuse): void {
  switch (format) {
    case 'int32':
      draft.type = 'integer';
      draft.format = 'int32';
      return;
    case 'safeint':
      draft.type = 'integer';
      draft.format ??= 'int64';
      return;
    default:
      return refuse(`number format ${format} is unknown to Kubernetes: use z.int() or z.int32() with limits`);
  }
}

function lower(draft: Draft, minimum: number, inclusive: boolean): void {
  if (draft.minimum !== undefined && (minimum < draft.minimum || (minimum === draft.minimum && inclusive))) return;
  draft.minimum = minimum;
  if (inclusive) delete draft.exclusiveMinimum;
  else draft.exclusiveMinimum = true;
}

function raise(draft: Draft, maximum: number, inclusive: boolean): void {
  if (draft.maximum !== undefined && (maximum > draft.maximum || (maximum === draft.maximum && inclusive))) return;
  draft.maximum = maximum;
  if (inclusive) delete draft.exclusiveMaximum;
  else draft.exclusiveMaximum = true;
}

function length(draft: Draft, type: string, minimum: number | undefined, maximum: number | undefined): void {
  const [min, max] = type === 'array' ? (['minItems', 'maxItems'] as const) : (['minLength', 'maxLength'] as const);
  if (minimum !== undefined) draft[min] = Math.max(draft[min] ?? 0, minimum);
  if (maximum !== undefined) draft[max] = Math.min(draft[max] ?? Number.POSITIVE_INFINITY, maximum);
}

/** `> 0` reads better as `>= 1` where only whole numbers are allowed. */
function wholeNumbers(draft: Draft): Draft {
  if (draft.type !== 'integer') return draft;
  if (draft.exclusiveMinimum && draft.minimum !== undefined) {
    draft.minimum = Math.floor(draft.minimum) + 1;
    delete draft.exclusiveMinimum;
  }
  if (draft.exclusiveMaximum && draft.maximum !== undefined) {
    draft.maximum = Math.ceil(draft.maximum) - 1;
    delete draft.exclusiveMaximum;
  }
  return draft;
}

import * as z from 'zod';
import {limitsOf} from './limits.ts';
import {celName, namesOldSelf, unchanged, type Validation, type Word, wordOf} from './rules.ts';
import {refuseUnboundedRules} from './bounds.ts';
import {withDefaults} from './defaults.ts';
import {type StructuralSchema, UnsayableSchema} from './structural-schema.ts';
import {defOf, mayBeLeftOut} from './zod-def.ts';

type Refuse = (why: string) => never;

interface Place {
  readonly path: readonly string[];
  /** Inside the items of a list: defaults there make GitOps tools see a difference for ever. */
  readonly inList: boolean;
  /** Whether the API server can find the old value of this one; under a list without keys it cannot. */
  readonly correlated: boolean;
  readonly above: readonly z.core.$ZodType[];
}

interface Said {
  readonly json: StructuralSchema;
  /** The field may be absent in what the API server stores. */
  readonly absent: boolean;
  /** The value itself is immutable. */
  readonly frozen: boolean;
  /** Something below is immutable, and would be forgotten with this value. */
  readonly frozenBelow: boolean;
}

/**
 * A zod schema in the words of the API server. Both then give the same verdict: what the API server would refuse, drop or
 * read differently throws UnsayableSchema. Two differences stay: strings are measured in UTF-16 units by zod and in code points
 * there, and whole numbers beyond 2^53 are refused by zod only.
 */
export function toStructural(schema: z.core.$ZodType): StructuralSchema {
  const {json} = say(schema, {path: [], inList: false, correlated: true, above: []});
  refuseUnboundedRules(json, [], false);
  return json;
}

function say(schema: z.core.$ZodType, place: Place): Said {
  const refuse = (why: string): never => {
    throw new UnsayableSchema(place.path, why);
  };
  if (place.above.includes(schema)) refuse('a schema that contains itself is not structural: use anyObject()');
  const inside: Place = {...place, above: [...place.above, schema]};
  const said = sayType(schema, inside, refuse);
  const {validations, ...limits} = limitsOf(schema, refuse);
  for (const {rule} of validations) {
    if (namesOldSelf(rule) && !place.correlated) refuse(`${rule}: items of a list have an old self only in a listMap()`);
  }
  const all = [...(said.json['x-kubernetes-validations'] ?? []), ...validations];
  const description = describe(schema, refuse);
  return {
    ...said,
    // Named twice: a wrapper's description wins, and stands first in what people read.
    json: {...description, ...said.json, ...limits, ...description, ...(all.length > 0 && {'x-kubernetes-validations': all})},
    frozen: said.frozen || validations.some(({rule}) => rule === unchanged),
  };
}

function describe(schema: z.core.$ZodType, refuse: Refuse): {description?: string} {
  const {description, ...rest} = z.globalRegistry.get(schema) ?? {};
  if (rest.id !== undefined) refuse('.meta({id}) turns into $ref, which is not structural');
  const unknown = Object.keys(rest);
  if (unknown.length > 0) refuse(`.meta({${unknown.join(', ')}}) has no place in a CRD: only a description has`);
  return description === undefined ? {} : {description};
}

function sayType(schema: z.core.$ZodType, place: Place, refuse: Refuse): Said {
  const word = wordOf(schema);
  const def = defOf(schema);
  if (!isSayable(def)) return refuse(`z.${def.type}() cannot be said in a CRD`);
  switch (def.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return plain({type: def.type});
    case 'literal':
      return plain(sayValues(def.values, refuse));
    case 'enum':
      return plain(sayValues(Object.values(def.entries), refuse));
    case 'object':
      return sayObject(def, place, refuse);
    case 'array':
      return sayList(def, word, place, refuse);
    case 'record':
      return sayMap(def, word, place, refuse);
    case 'union':
      if (word?.is === 'intOrString') return plain({'x-kubernetes-int-or-string': true});
      return refuse('unions are not structural: an object with optional members and a rule(), or intOrString()');
    case 'optional':
      return sayOptional(say(def.innerType, place));
    case 'nullable':
      return sayNullable(say(def.innerType, place), refuse);
    case 'readonly':
      return say(def.innerType, place);
    case 'default':
    case 'prefault':
      return sayDefault(def, say(def.innerType, place), place, refuse);
    case 'any':
    case 'unknown':
  }
  return refuse(`z.${def.type}() has no type: use anyObject()`);
}

const sayable = [
  'string',
  'boolean',
  'number',
  'literal',
  'enum',
  'object',
  'array',
  'record',
  'union',
  'optional',
  'nullable',
  'readonly',
  'default',
  'prefault',
  'any',
  'unknown',
] as const;

type Def = ReturnType<typeof defOf>;

function isSayable(def: Def): def is Extract<Def, {type: (typeof sayable)[number]}> {
  return (sayable as readonly string[]).includes(def.type);
}

function plain(json: StructuralSchema): Said {
  return {json, absent: false, frozen: false, frozenBelow: false};
}

function addTo(said: Said, more: StructuralSchema): Said {
  return {...said, json: {...said.json, ...more}};
}

function sayOptional(said: Said): Said {
  return {...said, absent: said.json.default === undefined};
}

function sayNullable(said: Said, refuse: Refuse): Said {
  if (said.json.enum) refuse('an enum that may be null: leave the field out instead');
  return addTo(said, {nullable: true});
}

type DefaultDef = z.core.$ZodDefaultDef | z.core.$ZodPrefaultDef;

function sayDefault({type, innerType, defaultValue}: DefaultDef, said: Said, place: Place, refuse: Refuse): Said {
  if (place.inList) refuse('a default inside a list makes GitOps tools see a difference for ever: let the operator resolve it');
  const invalid = z.core.safeParse(innerType, defaultValue).error;
  if (invalid) refuse(`the default is not valid: ${z.core.prettifyError(invalid)}`);
  const filled = withDefaults(said.json, defaultValue);
  if (type === 'default' && JSON.stringify(filled) !== JSON.stringify(defaultValue)) {
    refuse('the API server fills in the defaults inside a default, zod does not: use .prefault()');
  }
  return {...addTo(said, {default: filled}), absent: false};
}

function sayValues(values: readonly unknown[], refuse: Refuse): StructuralSchema {
  if (values.every((value) => typeof value === 'string')) return {type: 'string', enum: values};
  if (values.every((value) => Number.isInteger(value))) return {type: 'integer', enum: values as number[]};
  return refuse('values of an enum must all be strings, or all whole numbers');
}

function sayObject(def: z.core.$ZodObjectDef, place: Place, refuse: Refuse): Said {
  const rest = def.catchall && defOf(def.catchall).type;
  if (rest === 'never') refuse('strictObject(): the API server drops unknown fields, and an older operator must too: use z.object()');
  if (rest && rest !== 'unknown') refuse('catchall(): properties and additionalProperties exclude each other');
  const properties: Record<string, StructuralSchema> = {};
  const required: string[] = [];
  const presence: Validation[] = [];
  let frozenBelow = false;
  for (const [name, schema] of Object.entries(def.shape)) {
    const said = say(schema, {...place, path: [...place.path, name]});
    properties[name] = said.json;
    if (!mayBeLeftOut(schema)) required.push(name);
    if (said.absent && said.frozen) presence.push(samePresence(name));
    if (said.absent && !said.frozen && said.frozenBelow) {
      throw new UnsayableSchema(
        [...place.path, name],
        'leaving it out would forget the immutable fields in it: make it immutable(), required or .prefault({})',
      );
    }
    frozenBelow ||= said.frozen || said.frozenBelow;
  }
  const json: StructuralSchema = {
    type: 'object',
    ...(rest === 'unknown' && {'x-kubernetes-preserve-unknown-fields': true}),
    ...(Object.keys(properties).length > 0 && {properties}),
    ...(required.length > 0 && {required}),
    ...(presence.length > 0 && {'x-kubernetes-validations': presence}),
  };
  return {...plain(json), frozenBelow};
}

/** `self == oldSelf` on an optional field is silent while the field is absent: a user could remove it, then set it anew. */
function samePresence(name: string): Validation {
  const cel = celName(name);
  return {
    rule: `has(self.${cel}) == has(oldSelf.${cel})`,
    message: `${name} is immutable: it can neither be added nor removed later`,
  };
}

function sayList(def: z.core.$ZodArrayDef, word: Word | undefined, place: Place, refuse: Refuse): Said {
  const correlated = place.correlated && word?.is === 'listMap';
  const items = say(def.element, {...place, path: [...place.path, '[]'], inList: true, correlated}).json;
  if (word?.is === 'listMap') {
    for (const key of word.keys) if (!items.required?.includes(key)) refuse(`${key} is the key of a listMap() and must be required`);
    return plain({type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': word.keys});
  }
  return plain({type: 'array', items, ...(word?.is === 'set' && {'x-kubernetes-list-type': 'set'})});
}

function sayMap(def: z.core.$ZodRecordDef, word: Word | undefined, place: Place, refuse: Refuse): Said {
  const key = defOf(def.keyType);
  if (key.type !== 'string' || (key.checks ?? []).length > 0 || 'check' in key) {
    refuse('limits on the keys of a record are dropped by JSON Schema: use mapOf() and a rule() on the keys');
  }
  const additionalProperties = say(def.valueType, {...place, path: [...place.path, '*']}).json;
  return plain({type: 'object', additionalProperties, ...(word?.is === 'mapOf' && {maxProperties: word.max})});
}

/** What a field of the ECS API may hold, as the SDK's own schemas say it. */
export type Shape =
  | {readonly is: 'string'; readonly values?: readonly string[]}
  | {readonly is: 'number' | 'boolean' | 'timestamp' | 'document'}
  | {readonly is: 'list' | 'map'; readonly of: Shape}
  | {readonly is: 'structure'; readonly name: string; readonly isUnion: boolean; readonly members: readonly Member[]};

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
}

export type Structure = Extract<Shape, {is: 'structure'}>;

/** The values of an enum that a member of a structure has, if it has one. */
export type EnumOf = (structure: string, member: string) => readonly string[] | undefined;

const simple: Readonly<Record<number, Shape>> = {
  0: {is: 'string'},
  1: {is: 'number'},
  2: {is: 'boolean'},
  4: {is: 'timestamp'},
  5: {is: 'timestamp'},
  6: {is: 'timestamp'},
  7: {is: 'timestamp'},
  15: {is: 'document'},
};
const listOf = 64;
const mapOf = 128;

/**
 * The shape behind a schema of the SDK, which is an array: its sort (0 simple, 1 list, 2 map, 3 structure, 4 union), namespace,
 * name, traits, and what it holds. Throws TypeError for what was not known when this was written, and for a shape in itself.
 */
export function shapeOf(schema: unknown, enumOf: EnumOf, inside: readonly string[] = []): Shape {
  const given = plain(schema);
  if (typeof given === 'number') return simpleShape(given);
  if (!Array.isArray(given)) throw new TypeError(`no schema: ${JSON.stringify(given)}`);
  const [sort, , name, , first, second, required = 0] = given as readonly unknown[];
  const title = String(name);
  if (inside.includes(title)) throw new TypeError(`${title} is in itself`);
  const within = [...inside, title];
  switch (sort) {
    case 0:
      return shapeOf(first, enumOf, within);
    case 1:
      return {is: 'list', of: shapeOf(first, enumOf, within)};
    case 2:
      return {is: 'map', of: shapeOf(second, enumOf, within)};
    case 3:
    case 4: {
      const members = (first as readonly string[]).map((member, index) => {
        const shape = shapeOf((second as readonly unknown[])[index], enumOf, within);
        return {name: member, shape: withValues(shape, enumOf(title, member)), isRequired: index < Number(required)};
      });
      return {is: 'structure', name: title, isUnion: sort === 4, members};
    }
    default:
      throw new TypeError(`${title} is of an unknown sort: ${String(sort)}`);
  }
}

/** Without the function around what is defined further down, and without the traits of a member. */
function plain(schema: unknown): unknown {
  if (typeof schema === 'function') return plain((schema as () => unknown)());
  return Array.isArray(schema) && schema.length === 2 ? plain(schema[0]) : schema;
}

function simpleShape(code: number): Shape {
  if (code >= mapOf) return {is: 'map', of: simpleShape(code - mapOf)};
  if (code >= listOf) return {is: 'list', of: simpleShape(code - listOf)};
  const shape = simple[code];
  if (shape === undefined) throw new TypeError(`there is no simple shape ${code}`);
  return shape;
}

function withValues(shape: Shape, values: readonly string[] | undefined): Shape {
  if (values === undefined) return shape;
  if (shape.is === 'list') return {...shape, of: withValues(shape.of, values)};
  return shape.is === 'string' ? {...shape, values} : shape;
}

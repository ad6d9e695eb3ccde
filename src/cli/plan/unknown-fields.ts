import type {StructuralSchema} from '../../schema/structural-schema.ts';

/** Fields that a kind does not have. kubectl refuses them, and the API server would drop them. */
export function unknownFields(schema: StructuralSchema, value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const {items} = schema;
    return items === undefined ? [] : value.flatMap((item, index) => unknownFields(items, item, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const {properties = {}, additionalProperties} = schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.type !== 'object';
  return Object.entries(value).flatMap(([name, member]) => {
    const field = (Object.hasOwn(properties, name) ? properties[name] : undefined) ?? additionalProperties;
    if (field === undefined) return isOpen ? [] : [`${path}.${name}`];
    return unknownFields(field, member, `${path}.${name}`);
  });
}

import {type StructuralSchema, UnsayableSchema} from './structural-schema.ts';

/** The API server multiplies a rule's cost by the length of every list on its way; without a maximum it refuses the CRD. */
export function refuseUnboundedRules(json: StructuralSchema, path: readonly string[], unboundedAbove: boolean): readonly string[] {
  const unboundedHere =
    (json.type === 'array' && json.maxItems === undefined) || (json.additionalProperties !== undefined && json.maxProperties === undefined);
  const above = unboundedAbove || unboundedHere;
  const below = [
    ...Object.entries(json.properties ?? {}).flatMap(([name, inner]) => refuseUnboundedRules(inner, [...path, name], above)),
    ...(json.items ? refuseUnboundedRules(json.items, [...path, '[]'], above) : []),
    ...(json.additionalProperties ? refuseUnboundedRules(json.additionalProperties, [...path, '*'], above) : []),
  ];
  const unbounded = unboundedHere ? [path.join('.') || '(root)', ...below] : below;
  const [rule] = json['x-kubernetes-validations'] ?? [];
  if (rule && (unboundedAbove || unbounded.length > 0)) {
    const which = unbounded[0] ?? 'a list or map above it';
    throw new UnsayableSchema(path, `the rule «${rule.rule}» can reach ${which}, which has no maximum, so its cost has none either`);
  }
  return unbounded;
}

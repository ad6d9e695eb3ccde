import {kebab, yamlText} from '../../generate/text.ts';
import type {KubeObject} from '../../schema/object.ts';

/** A file to write. */
export interface Manifest {
  /** Without a folder, so that `kubectl apply -f DIR` finds it. */
  readonly file: string;
  readonly text: string;
}

/** Manifests in an order that depends on what they say alone: by kind as given, then by name. */
export function manifestsOf(objects: readonly KubeObject[], kinds: readonly string[]): readonly Manifest[] {
  const key = ({kind, metadata}: KubeObject) => `${String(kinds.indexOf(kind)).padStart(3, '0')} ${metadata.name}`;
  return objects
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((object) => ({file: `${kebab(object.kind)}-${object.metadata.name}.yaml`, text: yamlText(object)}));
}

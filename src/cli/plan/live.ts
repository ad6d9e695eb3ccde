import type {Kube} from '../../kube/kube.ts';
import type {Kind, Source} from '../../kinds/kind.ts';
import {Interruption} from '../../kinds/outcome.ts';
import {sourceOf} from '../../kinds/sources.ts';
import type {KubeObject} from '../../schema/object.ts';
import {keyOf, type Live} from './world.ts';

/** Reads what kinds look at in the cluster, and says what it could not read. */
export async function readLive(kinds: readonly Kind[], kube: Kube): Promise<{readonly live: Live; readonly notes: readonly string[]}> {
  const sources = new Map<string, Source>();
  for (const kind of kinds) {
    for (const source of [sourceOf(kind.definition), ...kind.watches.map((watch) => watch.source)]) sources.set(source.name, source);
  }
  const live = new Map<string, ReadonlyMap<string, KubeObject>>();
  const notes: string[] = [];
  for (const source of sources.values()) {
    try {
      live.set(source.name, new Map((await list(source, kube)).map((object) => [keyOf(object), object])));
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      notes.push(`planned as if the cluster had no ${source.name}: ${error.message}`);
    }
  }
  return {live, notes};
}

async function list({type, labelSelector, project}: Source, kube: Kube): Promise<readonly KubeObject[]> {
  const {items} = await kube.list(type, labelSelector === undefined ? {} : {labelSelector});
  // The items of a list do not say what they are.
  const named = items.map((item) => ({...item, apiVersion: type.apiVersion, kind: type.kind}));
  return project === undefined ? named : named.map(project);
}

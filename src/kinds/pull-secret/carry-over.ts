import type {NamespaceView, Observed, RegistryView, Slot} from './observed.ts';

/**
 * What was seen anew, with what the part before it could not do: that is not tried again before all parts are done, or those
 * that fail would keep the others from their turn.
 */
export function carryOver(namespaces: Map<string, NamespaceView>, before: Observed | undefined): Map<string, NamespaceView> {
  for (const [name, was] of before?.namespaces ?? []) {
    const view = namespaces.get(name);
    if (view === undefined || !hasFailed(was)) continue;
    namespaces.set(name, {
      ...view,
      isTerminating: view.isTerminating || was.isTerminating,
      failure: view.failure ?? was.failure,
      slots: view.slots.map((slot): Slot => {
        const failure = was.slots.find((one) => one.name === slot.name)?.failure;
        return failure === undefined ? slot : {...slot, failure};
      }),
    });
  }
  return namespaces;
}

/** What a party was answered in the part before, where that was a refusal: it is not asked again in each part. */
export function refusedBefore(party: string, before: Observed | undefined): readonly RegistryView[] | undefined {
  const views = before?.parties.get(party);
  return views?.some(({trouble}) => trouble !== undefined) ? views : undefined;
}

function hasFailed({failure, isTerminating, slots}: NamespaceView): boolean {
  return failure !== undefined || isTerminating || slots.some((slot) => slot.failure !== undefined);
}

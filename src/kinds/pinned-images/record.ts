import type {KubeObject} from '../../schema/object.ts';
import type {ImagePins} from '../../translate/image.ts';

/** On the workload: the digests that its deployment has looked up, and which deployment that was. */
const imagesKey = 'ecs.drayage.dev/images';

interface Recorded {
  readonly deployment: string;
  readonly images: ImagePins;
}

/** The annotation that keeps digests for as long as the deployment lasts; none where there are none. */
export function recordOf(recorded: Recorded): Readonly<Record<string, string>> {
  return Object.keys(recorded.images).length === 0 ? {} : {[imagesKey]: JSON.stringify(recorded)};
}

/** The digests of this very deployment; undefined where it has looked up none yet. */
export function recordedIn(workload: KubeObject | undefined, deployment: string): ImagePins | undefined {
  const recorded = parsed(workload?.metadata.annotations?.[imagesKey]);
  return recorded?.deployment === deployment && typeof recorded.images === 'object' ? recorded.images : undefined;
}

function parsed(text: string | undefined): Partial<Recorded> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

import type {EcrImage, EcrImages, EcrScan} from '../../../src/aws/ecr-images.ts';
import type {MemoryEcr} from './memory-ecr.ts';

/** Images by repository, for those that are described and not only counted; and scans by digest. */
export class MemoryImages {
  readonly pushed = new Map<string, readonly EcrImage[]>();
  readonly scans = new Map<string, EcrScan>();
  readonly inPage = 2;
}

/** The door to them; calls are counted with those of the registry. */
export function imagesOf(ecr: MemoryEcr): EcrImages {
  const {pushed, scans, inPage} = ecr.described;
  const call = async <T>(name: string, run: () => T): Promise<T> => {
    ecr.calls.push(name);
    ecr.before(name);
    return run();
  };
  return {
    describeImages: (name, nextToken) =>
      call('DescribeImages', () => {
        if (!ecr.repositories.has(name)) return undefined;
        const all = pushed.get(name) ?? [];
        const from = Number(nextToken ?? 0);
        const to = from + inPage;
        return {images: all.slice(from, to), ...(to < all.length && {nextToken: String(to)})};
      }),
    digestOf: (name, tag) => call('DescribeImages', () => pushed.get(name)?.find(({imageTags}) => imageTags.includes(tag))?.imageDigest),
    scanOf: (_, digest) => call('DescribeImageScanFindings', () => scans.get(digest)),
  };
}

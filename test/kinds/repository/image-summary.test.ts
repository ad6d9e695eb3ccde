import test from 'ava';
import * as fc from 'fast-check';
import type {EcrImage} from '../../../src/aws/ecr-images.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {ownerTag} from '../../../src/kinds/ownership.ts';
import {imagesOf, nothing, tally} from '../../../src/kinds/repository/image-summary.ts';
import {keep, resourceOf, statusIn, type Walked} from './keep.ts';
import {MemoryEcr} from './memory-ecr.ts';

function image(digest: string, more: Partial<EcrImage> = {}): EcrImage {
  return {imageDigest: digest, imageTags: [], imageSizeInBytes: 10, imageStatus: 'ACTIVE', imagePushedAt: '2026-01-01T00:00:00Z', ...more};
}

const asked = {imageSummary: {refreshSeconds: 3600}};

/** The summary's share of the calls of one walk. */
function ofImages(ecr: MemoryEcr): readonly string[] {
  return ecr.take().filter((call) => call.startsWith('DescribeImage'));
}

function later(ecr: MemoryEcr, seconds: number): void {
  ecr.now = new Date(ecr.now.getTime() + seconds * 1000);
}

/** With the claims as conditions, as the engine writes them. */
async function walk(resource: Walked['resource'], ecr: MemoryEcr): Promise<Walked> {
  const walked = await keep(resource, ecr);
  const status = {...statusIn(walked.resource), conditions: walked.conditions};
  return {...walked, resource: {...walked.resource, status}};
}

async function created(ecr: MemoryEcr, spec: object = asked): Promise<Walked['resource']> {
  const {resource} = await walk(resourceOf(spec), ecr);
  ecr.take();
  return resource;
}

test('without imageSummary ECR is never asked for images', async (t) => {
  const ecr = new MemoryEcr();
  const resource = await created(ecr, {});
  later(ecr, 1_000_000);
  const {conditions} = await walk(resource, ecr);
  t.deepEqual(ofImages(ecr), []);
  t.deepEqual(conditions, []);
});

test('the walk that creates asks for nothing, the next one does, and then none before its time', async (t) => {
  const ecr = new MemoryEcr();
  const first = await walk(resourceOf(asked), ecr);
  t.deepEqual(ofImages(ecr), []);
  t.deepEqual(first.conditions, []);
  ecr.described.pushed.set('app', [image('sha256:a', {imageTags: ['1']}), image('sha256:b', {imageStatus: 'ARCHIVED'}), image('sha256:0')]);
  ecr.described.scans.set('sha256:a', {status: 'COMPLETE', findingSeverityCounts: {CRITICAL: 2, LOW: 7}});
  const second = await walk(first.resource, ecr);
  t.deepEqual(ofImages(ecr), ['DescribeImages', 'DescribeImages', 'DescribeImageScanFindings']);
  t.deepEqual(statusIn(second.resource).images, {
    count: 3,
    countsByStatus: {ACTIVE: 2, ARCHIVED: 1},
    sizeInBytes: 30,
    newest: {imageDigest: 'sha256:a', imageTags: ['1'], imagePushedAt: '2026-01-01T00:00:00Z'},
    observedAt: ecr.now.toISOString(),
  });
  t.like(statusIn(second.resource).findings, {imageDigest: 'sha256:a', scanStatus: 'COMPLETE', severityCounts: {CRITICAL: 2, LOW: 7}});
  t.like(second.conditions[0], {type: 'ImagesObserved', status: 'True', aside: true});
  later(ecr, 3599);
  const third = await walk(second.resource, ecr);
  t.deepEqual(ofImages(ecr), []);
  t.deepEqual(third.resource.status, second.resource.status, 'so that nothing is written');
  later(ecr, 1);
  await walk(third.resource, ecr);
  t.deepEqual(ofImages(ecr), ['DescribeImages', 'DescribeImages', 'DescribeImageScanFindings']);
});

test('a scan is asked for anew when another image is the newest, and its counts never pass for those of another', async (t) => {
  const ecr = new MemoryEcr();
  let resource = await created(ecr);
  ecr.described.pushed.set('app', [image('sha256:a')]);
  ecr.described.scans.set('sha256:a', {status: 'COMPLETE', findingSeverityCounts: {HIGH: 1}});
  resource = (await walk(resource, ecr)).resource;
  later(ecr, 3600);
  ecr.described.pushed.set('app', [image('sha256:a'), image('sha256:b', {imagePushedAt: '2026-01-02T00:00:00Z'})]);
  ecr.before = (call) => {
    if (call === 'DescribeImageScanFindings') throw new Interruption({is: 'stalled', reason: 'AccessDenied', message: 'no (request id 1)'});
  };
  const denied = await walk(resource, ecr);
  t.is(denied.outcome.is, 'settled');
  t.is(statusIn(denied.resource).images?.count, 2);
  t.is(statusIn(denied.resource).findings, undefined);
  t.deepEqual(denied.conditions, [{type: 'ImagesObserved', status: 'False', reason: 'AccessDenied', message: 'no', aside: true}]);
  ecr.take();
  later(ecr, 600);
  const again = await walk(denied.resource, ecr);
  t.deepEqual(ofImages(ecr), ['DescribeImageScanFindings'], 'what could be read is not read again');
  t.deepEqual(again.resource.status, denied.resource.status);
  ecr.before = () => {};
  const allowed = await walk(again.resource, ecr);
  t.deepEqual(statusIn(allowed.resource).findings, {imageDigest: 'sha256:b', severityCounts: {}, observedAt: ecr.now.toISOString()});
  t.is(allowed.conditions[0]?.status, 'True');
});

test('a failure keeps the numbers, is tried again at the next check, and a walk that reads nothing keeps the condition', async (t) => {
  const ecr = new MemoryEcr();
  ecr.described.pushed.set('app', [image('sha256:a')]);
  const {resource} = await walk(await created(ecr), ecr);
  later(ecr, 3600);
  ecr.before = (call) => {
    if (call === 'DescribeImages') throw new Interruption({is: 'failed', reason: 'Throttled', message: 'Rate exceeded'});
  };
  const throttled = await walk(resource, ecr);
  t.is(throttled.outcome.is, 'settled');
  t.deepEqual(statusIn(throttled.resource).images, statusIn(resource).images);
  t.like(throttled.conditions[0], {status: 'False', reason: 'Throttled'});
  ecr.before = () => {
    throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'down'});
  };
  const down = await walk(throttled.resource, ecr);
  t.is(down.outcome.is, 'failed');
  t.like(down.conditions[0], {status: 'False', reason: 'Throttled'});
});

test('a repository that is made again, or is not ours, has no numbers of another', async (t) => {
  const ecr = new MemoryEcr();
  ecr.described.pushed.set('app', [image('sha256:a')]);
  const {resource} = await walk(await created(ecr), ecr);
  ecr.repositories.delete('app');
  const again = await walk(resource, ecr);
  t.true(ecr.repositories.has('app'));
  t.is(statusIn(again.resource).images, undefined);
  ecr.take();
  ecr.repositories.get('app')!.tags = {[ownerTag]: 'other'};
  await walk(again.resource, ecr);
  t.deepEqual(ofImages(ecr), []);
});

test('taken out of the spec, the summary goes from the status', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await walk(await created(ecr), ecr);
  t.is(statusIn(resource).images?.count, 0);
  const {resource: less, conditions} = await walk({...resource, spec: resourceOf({}).spec}, ecr);
  t.is(statusIn(less).images, undefined);
  t.deepEqual(conditions, []);
});

test('a signature is not the newest image, an index counts no bytes, and of one moment the tagged one is newest', (t) => {
  const index = 'application/vnd.oci.image.index.v1+json';
  const {newest, sizeInBytes, count} = tally(nothing, [
    image('sha256:z'),
    image('sha256:i', {imageTags: ['v1'], imageManifestMediaType: index}),
    image('sha256:s', {imagePushedAt: '2026-02-01T00:00:00Z', subjectManifestDigest: 'sha256:i'}),
  ]);
  t.is(newest?.imageDigest, 'sha256:i');
  t.is(sizeInBytes, 20);
  t.is(count, 3);
});

test('images give the same summary in any order, in any pages', (t) => {
  const images = fc.uniqueArray(
    fc.record({
      imageDigest: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      imageTags: fc.subarray(['v1', 'v2']),
      imageSizeInBytes: fc.nat(),
      imageStatus: fc.constantFrom('ACTIVE', 'ARCHIVED'),
      imagePushedAt: fc.constantFrom('2026-01-01', '2026-01-02'),
    }),
    {selector: ({imageDigest}) => imageDigest},
  );
  const now = new Date(0);
  fc.assert(
    fc.property(images, fc.nat({max: 8}), fc.infiniteStream(fc.nat()), (all, cut, chance) => {
      const shuffled = [...all];
      for (let left = shuffled.length; left > 1; left -= 1) shuffled.push(...shuffled.splice((chance.next().value ?? 0) % left, 1));
      const paged = tally(tally(nothing, shuffled.slice(0, cut)), shuffled.slice(cut));
      t.deepEqual(imagesOf(paged, now), imagesOf(tally(nothing, all), now));
    }),
  );
});

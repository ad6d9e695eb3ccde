import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import type {EcrImages} from '../../src/aws/ecr-images.ts';
import {awsError, environmentFor, fakeAws, type Reply, type Request} from './fake-ecr.ts';

async function asking<T>(handle: (request: Request, nth: number) => Reply, ask: (images: EcrImages) => Promise<T>) {
  await using server = await fakeAws(handle);
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date('2026-01-01T00:00:00Z')});
  const value = await ask(aws.images({accountId: '123456789012'}));
  aws.close();
  return {value, requests: server.requests};
}

test('a page of images is of any status, and holds what is read of each', async (t) => {
  const imageDetails = [
    {imageDigest: 'sha256:a', imageTags: ['v1'], imageSizeInBytes: 7, imagePushedAt: 1_767_225_600, imageStatus: 'ARCHIVED'},
    {imageDigest: 'sha256:b', subjectManifestDigest: 'sha256:a', imageManifestMediaType: 'application/x'},
  ];
  const {value, requests} = await asking(
    () => ({body: {imageDetails, nextToken: 'more'}}),
    (images) => images.describeImages('app', 'last'),
  );
  const named = {registryId: '123456789012', repositoryName: 'app'};
  t.deepEqual(requests[0]?.input, {...named, maxResults: 1000, filter: {imageStatus: 'ANY'}, nextToken: 'last'});
  t.deepEqual(value, {
    images: [
      {imageDigest: 'sha256:a', imageTags: ['v1'], imageSizeInBytes: 7, imagePushedAt: '2026-01-01T00:00:00.000Z', imageStatus: 'ARCHIVED'},
      {
        imageDigest: 'sha256:b',
        imageTags: [],
        imageSizeInBytes: 0,
        imageStatus: 'ACTIVE',
        subjectManifestDigest: 'sha256:a',
        imageManifestMediaType: 'application/x',
      },
    ],
    nextToken: 'more',
  });
});

test('of a scan only the counts are asked for, of basic scanning and of Amazon Inspector', async (t) => {
  for (const kind of ['findings', 'enhancedFindings']) {
    const imageScanFindings = {findingSeverityCounts: {CRITICAL: 1, UNTRIAGED: 2}, [kind]: [{}]};
    const {value, requests} = await asking(
      () => ({body: {imageScanStatus: {status: 'ACTIVE'}, imageScanFindings, nextToken: 'more'}}),
      (images) => images.scanOf('app', 'sha256:a'),
    );
    t.deepEqual(value, {status: 'ACTIVE', findingSeverityCounts: {CRITICAL: 1, UNTRIAGED: 2}});
    t.is(requests.length, 1);
    t.like(requests[0]?.input, {imageId: {imageDigest: 'sha256:a'}, maxResults: 1});
  }
});

test('what is not there is undefined', async (t) => {
  for (const name of ['ScanNotFoundException', 'ImageNotFoundException', 'RepositoryNotFoundException']) {
    const {value} = await asking(
      () => awsError(name, 'gone'),
      (images) => images.scanOf('app', 'sha256:a'),
    );
    t.is(value, undefined, name);
  }
  const {value} = await asking(
    () => awsError('RepositoryNotFoundException', 'gone'),
    (images) => images.describeImages('app'),
  );
  t.is(value, undefined);
});

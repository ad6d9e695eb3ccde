import test from 'ava';
import * as fc from 'fast-check';
import {fargateSizes, isFargateSize, memoriesText, provisionedOnEks, sizeText} from '../../../src/translate/compute/fargate-size.ts';

test('there are as many sizes as the documentation lists', (t) => {
  const counts = [256, 512, 1024, 2048, 4096, 8192, 16384].map((cpu) => fargateSizes.filter((size) => size.cpu === cpu).length);
  t.deepEqual(counts, [3, 4, 7, 13, 23, 12, 12]);
  t.true(isFargateSize({cpu: 256, memory: 512}));
  t.false(isFargateSize({cpu: 512, memory: 512}));
  t.true(isFargateSize({cpu: 16384, memory: 122880}));
  t.false(isFargateSize({cpu: 8192, memory: 17 * 1024}));
});

test('EKS gives the next size with room for Kubernetes itself: the example of its documentation', (t) => {
  // "a Pod with a request of 1 vCPU and 8 GB of memory will have 256 MB of memory added: 2 vCPU and 9 GB".
  t.deepEqual(provisionedOnEks({cpu: 1024, memory: 8192}), {cpu: 2048, memory: 9216});
  t.deepEqual(provisionedOnEks({cpu: 256, memory: 512}), {cpu: 256, memory: 1024});
  t.is(provisionedOnEks({cpu: 16384, memory: 122880}), undefined);
  t.is(sizeText({cpu: 256, memory: 512}), '0.25 vCPU and 0.5 GB');
});

test('no smaller size would do, and what is given is one that there is', (t) => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 16384}), fc.integer({min: 1, max: 122_000}), (cpu, memory) => {
      const given = provisionedOnEks({cpu, memory});
      const fitting = fargateSizes.filter((size) => size.cpu >= cpu && size.memory >= memory + 256);
      if (given === undefined) return fitting.length === 0;
      return isFargateSize(given) && fitting.every((size) => size.cpu > given.cpu || size.memory >= given.memory);
    }),
  );
  t.pass();
});

test('a person reads which memory goes with a number of CPU units', (t) => {
  t.is(memoriesText(256), '512, 1024, 2048');
  t.is(memoriesText(8192), '16384 to 61440 in steps of 4096');
  t.is(memoriesText(300), undefined);
});

// Tests on real parts: an API server, a node, AWS stand-ins. One file at a time, because the machine has two cores.
export default {
  extensions: ['ts'],
  files: ['test/e2e/**/*.test.ts', 'test/reconcile/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/cloud/**/*.test.ts'],
  concurrency: 1,
  timeout: '20m',
};

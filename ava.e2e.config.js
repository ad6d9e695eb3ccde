// Tests on real parts: an API server, a node, AWS stand-ins. Two files at a time, each with its own: they wait more than they work.
export default {
  extensions: ['ts'],
  files: ['test/e2e/**/*.test.ts', 'test/reconcile/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/cloud/**/*.test.ts'],
  concurrency: 2,
  timeout: '20m',
};

// Fast tests: no server is started. `make unit` runs these in seconds; the suites that start servers are in ava.e2e.config.js.
export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts', '!test/e2e/**', '!test/reconcile/**', '!test/cluster/**', '!test/cloud/**', '!test/aws/**'],
  timeout: '60s',
};

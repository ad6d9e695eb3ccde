// Against a real AWS account, and only when asked for: DRAYAGE_TEST_AWS=1, credentials and AWS_REGION in the environment. What it
// makes has a name that begins with drayage-test-, and is deleted at the end. See CONTRIBUTING.md.
export default {
  extensions: ['ts'],
  files: ['test/aws/**/*.test.ts'],
  concurrency: 1,
  timeout: '10m',
};

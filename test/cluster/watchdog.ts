import {removeHome} from './home.ts';

/**
 * `node watchdog.ts DIRECTORY`, with standard input held open by the process that uses the cluster. The kernel closes it when that
 * process stops the cluster, or ends in any way, SIGKILL included; then everything of the cluster goes.
 */
const [directory = ''] = process.argv.slice(2);
// In a session of its own no terminal sends these, and a service manager's are answered by cleaning up, which the end of input does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.stdin.destroy());
process.stdin.once('close', () => {
  removeHome(directory).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
});
process.stdin.resume();

import {startCluster, type ClusterSettings} from './start.ts';

/** `node start-and-wait.ts SETTINGS`: starts a cluster, says so in a line, and waits to be killed (ends at once when `detached`). */
const settings = JSON.parse(process.argv[2] ?? '{}') as ClusterSettings;
const cluster = await startCluster(settings);
console.log(`started ${cluster.directory}`);
if (!settings.detached) setInterval(() => {}, 60_000);

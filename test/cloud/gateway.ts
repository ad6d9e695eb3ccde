import {readFileSync} from 'node:fs';
import type {GatewayConfig} from './gateway/context.ts';
import {gatewayServer} from './gateway/server.ts';

/** The gateway as a process: `node test/cloud/gateway.ts CONFIG.json`. It listens on 127.0.0.1 until it is killed. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: node test/cloud/gateway.ts CONFIG.json');
const config = JSON.parse(readFileSync(file, 'utf8')) as GatewayConfig;
gatewayServer(config).listen(config.port, '127.0.0.1');

import {readFileSync} from 'node:fs';
import path from 'node:path';

/** Node's flags as the image has them. */
export function imageFlags(): readonly string[] {
  const dockerfile = readFileSync(path.resolve(import.meta.dirname, '../../Dockerfile'), 'utf8');
  const [, entrypoint = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  return (JSON.parse(entrypoint) as readonly string[]).filter((word) => word.startsWith('--') && word !== '--enable-source-maps');
}

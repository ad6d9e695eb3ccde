import {homedir} from 'node:os';
import path from 'node:path';

/** Where the demo keeps its state between `make demo` and `make demo DOWN=1`. */
export function home(): string {
  const cache = process.env['DRAYAGE_CACHE'] ?? path.join(homedir(), '.cache', 'drayage');
  return path.join(cache, 'demo');
}

import {homedir} from 'node:os';
import path from 'node:path';

/** Where built programs and images are kept between runs: DRAYAGE_CACHE, default ~/.cache/drayage. Safe to delete at any time. */
export function cacheFolder(): string {
  return process.env['DRAYAGE_CACHE'] || path.join(homedir(), '.cache', 'drayage');
}

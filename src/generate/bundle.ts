import {build} from 'esbuild';
import {readFile} from 'node:fs/promises';

/** Bundles the operator into one file: start-up reads one file instead of some thousand. */
const {version} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string};
await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/drayage.js',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: true,
  minifySyntax: true,
  logLevel: 'warning',
  define: {'process.env.DRAYAGE_VERSION': JSON.stringify(version)},
  // Packages in CommonJS call `require` for Node's own modules.
  banner: {js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);"},
});

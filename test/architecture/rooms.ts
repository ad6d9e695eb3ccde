/** A sort of files, and what they may import. The first room whose pattern matches a path is its room. */
export interface Room {
  readonly name: string;
  readonly files: RegExp;
  /** Files of the house, by path from src/. `$1` is the kind's own folder. */
  readonly imports: readonly string[];
  /** Files of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages; a trailing `*` stands for any rest. */
  readonly packages: readonly string[];
  /** Decides and touches nothing: may not name the clock, chance, the process, the network or timers. */
  readonly pure: boolean;
}

/** The words that kinds and everything around them share; not the list of kinds. */
const contract = [
  'kinds/(kind|outcome|doors|cache|sources|conditions|registry-ref|cluster-ref|ownership|tags|contest|untagged|policies|repository-settings|lifecycle-text|template-document|aws-reasons)\\.ts',
  // What several kinds start pods with.
  'kinds/(needed-secrets|pinned-images|made-objects)/',
];
const doors = ['aws/', 'kube/'];

export const rooms: readonly Room[] = [
  {name: 'schema', files: /^schema\//, imports: ['schema/'], packages: ['zod'], pure: true},
  {name: 'documents', files: /^documents\//, imports: ['documents/', 'schema/'], packages: ['zod'], pure: true},
  {name: 'translate', files: /^translate\//, imports: ['translate/', 'schema/'], packages: ['zod', 'node:crypto'], pure: true},
  {name: 'policies', files: /^policies\//, imports: ['policies/', 'schema/'], packages: ['zod'], pure: true},
  {
    name: 'list of kinds',
    files: /^kinds\/registry\.ts$/,
    imports: ['kinds/kind\\.ts', 'kinds/[^/]+/index\\.ts'],
    packages: [],
    pure: true,
  },
  {
    name: 'contract of a kind',
    files: /^kinds\/[^/]+\.ts$/,
    imports: [...contract, 'documents/', 'schema/'],
    types: [...doors, 'translate/'],
    packages: ['zod', 'node:crypto'],
    pure: true,
  },
  {
    name: 'doorway of a kind',
    files: /^kinds\/([^/]+)\/(?:observe|apply)(?:-[a-z-]+)?\.ts$/,
    imports: ['kinds/$1/(?!index\\.ts)', ...contract, 'documents/', 'schema/', 'translate/', ...doors],
    packages: ['node:crypto'],
    pure: false,
  },
  {
    name: 'contents of a kind',
    files: /^kinds\/([^/]+)\/index\.ts$/,
    imports: ['kinds/$1/', ...contract, 'documents/', 'schema/', 'translate/'],
    packages: [],
    pure: true,
  },
  {
    name: 'inside of a kind',
    files: /^kinds\/([^/]+)\/[^/]+\.ts$/,
    imports: ['kinds/$1/(?!(?:index|(?:observe|apply)(?:-[a-z-]+)?)\\.ts)', ...contract, 'documents/', 'schema/', 'translate/'],
    types: [...doors, 'kinds/$1/'],
    packages: ['zod', 'node:crypto'],
    pure: true,
  },
  {
    name: 'aws',
    files: /^aws\//,
    imports: ['aws/', 'schema/', 'kinds/outcome\\.ts'],
    packages: ['@aws-sdk/*', '@smithy/*', 'node:*'],
    pure: false,
  },
  {
    name: 'kube',
    files: /^kube\//,
    imports: ['kube/', 'schema/', 'kinds/outcome\\.ts'],
    packages: ['@kubernetes/client-node*', 'undici', 'yaml', 'node:*'],
    pure: false,
  },
  {
    name: 'engine',
    files: /^engine\//,
    imports: ['engine/', 'kube/', ...contract, 'schema/'],
    packages: ['pino', 'prom-client', 'zod', 'node:*'],
    pure: false,
  },
  {
    name: 'webhook',
    files: /^webhook\//,
    imports: ['webhook/', 'policies/', 'kube/', 'engine/', 'schema/'],
    packages: ['pino', 'prom-client', 'node:*'],
    pure: false,
  },
  {
    name: 'generate',
    files: /^generate\//,
    imports: ['generate/', 'kinds/registry\\.ts', ...contract, 'schema/', 'translate/'],
    packages: ['@aws-sdk/client-*', 'yaml', 'zod', 'esbuild', 'node:*'],
    pure: false,
  },
  {name: 'keys', files: /^[^/]+\.ts$|^cli\//, imports: [''], packages: ['*'], pure: false},
];

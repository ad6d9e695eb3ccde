/** What goes into a tar archive. Files are owned by root and dated 1970, so that the same input gives the same bytes. */
export type TarEntry =
  | {readonly type: 'file'; readonly path: string; readonly content: Buffer; readonly mode?: number}
  | {readonly type: 'folder'; readonly path: string; readonly mode?: number}
  | {readonly type: 'link'; readonly path: string; readonly target: string};

const block = 512;
const typeFlag = {file: '0', link: '2', folder: '5'} as const;

/** A POSIX ustar archive. Paths and link targets have at most 100 bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = entry.type === 'file' ? entry.content : Buffer.alloc(0);
    return [header(entry, content.length), content, Buffer.alloc((block - (content.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const mode = entry.type === 'link' ? 0o777 : (entry.mode ?? (entry.type === 'folder' ? 0o755 : 0o644));
  text(bytes, entry.type === 'folder' ? `${entry.path}/` : entry.path, 0, 100);
  octal(bytes, mode, 100, 8);
  octal(bytes, 0, 108, 8);
  octal(bytes, 0, 116, 8);
  octal(bytes, size, 124, 12);
  octal(bytes, 0, 136, 12);
  bytes.write(' '.repeat(8), 148);
  bytes.write(typeFlag[entry.type], 156);
  if (entry.type === 'link') text(bytes, entry.target, 157, 100);
  bytes.write('ustar\u000000', 257);
  // The sum is over the header with its own field as spaces.
  octal(
    bytes,
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return bytes;
}

function text(bytes: Buffer, value: string, offset: number, length: number): void {
  if (Buffer.byteLength(value) > length) throw new Error(`too long for a tar header: ${value}`);
  bytes.write(value, offset);
}

function octal(bytes: Buffer, value: number, offset: number, length: number): void {
  bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
}

/**
 * Reads one JSON value a line from bytes as they come. Lines are cut at the byte 0x0A, which no other character of
 * UTF-8 contains, so chunk borders may fall anywhere. Throws SyntaxError for a line that is not JSON, and for one
 * that ends without its line break: half of an event is no event, even where it happens to parse.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineBreak); end >= 0; end = chunk.indexOf(lineBreak, start)) {
      pieces.push(chunk.subarray(start, end));
      start = end + 1;
      const line = textOf(pieces);
      pieces = [];
      if (line !== '') yield JSON.parse(line);
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (textOf(pieces) !== '') throw new SyntaxError('the stream ended within a line');
}

const lineBreak = 0x0a;

function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString('utf8').trim();
}

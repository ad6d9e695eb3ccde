import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';

const pages = execFileSync('git', ['ls-files', '-z', '*.md'], {encoding: 'utf8'})
  .split('\0')
  .filter((page) => page !== '' && existsSync(page));

test('every relative link of every page leads to a file, and to a heading of it', (t) => {
  t.true(pages.length > 40, `only ${pages.length} pages were found`);
  t.deepEqual(
    pages.flatMap((page) => deadLinks(page, readFileSync(page, 'utf8'))),
    [],
  );
});

test('what it must catch: a file and a heading that are not there, also in a reference and on the page itself', (t) => {
  const text =
    '# A b\n\n[1](gone.md) [2](README.md#no-such) [3](#a-b) [4](#c) [5](https://example.com/x.md)\n\n[6]: ../docs/gone\n\n`[7](no.md)`\n';
  t.deepEqual(deadLinks('x.md', text), ['x.md: gone.md', 'x.md: README.md#no-such', 'x.md: #c', 'x.md: ../docs/gone']);
});

test('headings become anchors as on GitHub: small, without punctuation, and numbered where they are the same', (t) => {
  t.deepEqual(
    [...anchorsIn('# The `spec`, and more!\n## Use it\n## Use it\n```sh\n# no heading\n```\n<a id="own"></a>\n')],
    ['the-spec-and-more', 'use-it', 'use-it-1', 'own'],
  );
});

function deadLinks(page: string, text: string): readonly string[] {
  return linksIn(text)
    .filter((link) => !/^[a-z][a-z+.-]*:/i.test(link) && !isThere(page, text, link))
    .map((link) => `${page}: ${link}`);
}

function isThere(page: string, text: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? page : path.join(path.dirname(page), decodeURI(target));
  if (target !== '' && !existsSync(file)) return false;
  if (anchor === undefined) return true;
  if (target !== '' && (statSync(file).isDirectory() || !file.endsWith('.md'))) return false;
  return anchorsIn(target === '' ? text : readFileSync(file, 'utf8')).has(anchor);
}

function linksIn(text: string): readonly string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^\s()]+)(?:\s"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/gm)].map(
    ({1: inline, 2: reference}) => inline ?? reference ?? '',
  );
}

function anchorsIn(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(({1: heading = ''}) => {
    const slug = slugOf(heading);
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set([...headings, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(({1: id = ''}) => id)]);
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function withoutCode(text: string): string {
  return text.replaceAll(/^ *(```+|~~~+).*?^ *\1 *$/gms, '');
}

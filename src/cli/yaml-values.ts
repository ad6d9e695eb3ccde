import {LineCounter, parseAllDocuments} from 'yaml';

/** What one document of a file says. */
export interface Value {
  /** `file:line` of its document. */
  readonly where: string;
  readonly value: unknown;
}

/** What could not be read. */
export interface Fault {
  readonly where: string;
  readonly message: string;
}

export interface Values {
  readonly values: readonly Value[];
  readonly faults: readonly Fault[];
}

/** The documents in the text of a file, without empty ones. YAML 1.1, as kubectl reads it; JSON is YAML. */
export function yamlValues(file: string, text: string): Values {
  const lineCounter = new LineCounter();
  const values: Value[] = [];
  const faults: Fault[] = [];
  const place = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const documents = parseAllDocuments(text, {version: '1.1', lineCounter, prettyErrors: false, customTags: withoutTimestamps});
  for (const document of 'empty' in documents ? [] : documents) {
    const {contents, errors} = document;
    const where = place(contents?.range?.[0] ?? document.range[0]);
    for (const error of errors) faults.push({where: place(error.pos[0]), message: error.message});
    if (errors.length > 0 || contents === null) continue;
    try {
      const value: unknown = document.toJS({maxAliasCount: 1000});
      if (value !== null) values.push({where, value});
    } catch (error) {
      faults.push({where, message: (error as Error).message});
    }
  }
  return {values, faults};
}

/** Go's readers leave a date as the text that it is. */
function withoutTimestamps<T>(tags: readonly T[]): T[] {
  return tags.filter((tag) => (tag as {tag?: string}).tag !== 'tag:yaml.org,2002:timestamp');
}

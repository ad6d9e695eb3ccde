/** A section of Fluent Bit's configuration, with its keys in order. */
export interface Section {
  readonly is: 'service' | 'input' | 'filter' | 'output' | 'include';
  readonly entries: readonly (readonly [string, string])[];
}

/** The classic form, which every version reads. A value is one line: see {@link isOneLine}. */
export function classic(sections: readonly Section[]): string {
  const text = sections.map(({is, entries}) => {
    if (is === 'include') return entries.map(([, path]) => `@INCLUDE ${path}\n`).join('');
    return [`[${is.toUpperCase()}]`, ...entries.map(([key, value]) => `    ${key} ${value}`), ''].join('\n');
  });
  return text.join('\n');
}

/** The form that Fluent Bit reads as YAML, since version 3.2. */
export function yaml(sections: readonly Section[]): string {
  const of = (is: Section['is'], list: string): string => {
    const own = sections.filter((section) => section.is === is);
    if (own.length === 0) return '';
    const items = own.map(({entries}) =>
      entries.map(([key, value], index) => `    ${index === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}\n`).join(''),
    );
    return `  ${list}:\n${items.join('')}`;
  };
  return `pipeline:\n${of('filter', 'filters')}${of('output', 'outputs')}`;
}

/** Whether a value can be written without becoming more than a value: another line, or a variable of the collector. */
export function isOneLine(value: string): boolean {
  return !/[\n\r\0]|\$\{/.test(value) && value.trim() !== '';
}

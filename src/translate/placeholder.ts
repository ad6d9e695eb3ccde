const forms = [/<[A-Za-z][A-Za-z0-9_ .-]*>/, /\$\{[^}]*\}/, /\{\{[^}]*\}\}?/, /\$\$\$+[A-Za-z0-9_]+\$\$\$+/];

/** The first thing in a text that a pipeline was to fill in: `<IMAGE1_NAME>`, `${TAG}`, `{{ env }}`, `$$$NAME$$$`. */
export function placeholderIn(text: string): string | undefined {
  for (const form of forms) {
    const found = form.exec(text)?.[0];
    if (found !== undefined) return found.length > 60 ? `${found.slice(0, 57)}...` : found;
  }
  return undefined;
}

/**
 * How Kubernetes expands `$(NAME)` in command, args and env: `third_party/forked/golang/expansion` of Kubernetes, in
 * TypeScript. `$$` is one `$`; a reference that names nothing known, or is not closed, stays as it is.
 */
export function expand(input: string, variables: Readonly<Record<string, string>>): string {
  let output = '';
  let checkpoint = 0;
  for (let cursor = 0; cursor < input.length; cursor += 1) {
    if (input[cursor] !== '$' || cursor + 1 >= input.length) continue;
    output += input.slice(checkpoint, cursor);
    const {text, isVariable, advance} = tryRead(input.slice(cursor + 1));
    output += isVariable ? (Object.hasOwn(variables, text) ? (variables[text] ?? '') : `$(${text})`) : text;
    cursor += advance;
    checkpoint = cursor + 1;
  }
  return output + input.slice(checkpoint);
}

function tryRead(input: string): {text: string; isVariable: boolean; advance: number} {
  if (input.startsWith('$')) return {text: '$', isVariable: false, advance: 1};
  if (!input.startsWith('(')) return {text: `$${input[0] ?? ''}`, isVariable: false, advance: 1};
  const end = input.indexOf(')');
  return end < 0 ? {text: '$(', isVariable: false, advance: 1} : {text: input.slice(1, end), isVariable: true, advance: end + 1};
}

/** Whether an ARN fits a pattern in which `*` stands for any text, and everything else for itself. */
export function fitsArn(pattern: string, arn: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === arn;
  const last = rest.pop() ?? '';
  if (!arn.startsWith(first) || !arn.endsWith(last) || arn.length < first.length + last.length) return false;
  const end = arn.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = arn.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

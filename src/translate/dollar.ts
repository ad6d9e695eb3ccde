/**
 * Kubernetes expands `$(NAME)` in `command`, `args` and `env[].value`, and reads `$$` as one `$`; ECS expands nothing.
 * With every `$` doubled the container sees the text as it was written.
 */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/**
 * Text in a message as chat rooms show it. A name or a sentence from outside must not become a mention, a
 * link or a style. Source: Slack developer documentation, "Formatting text for app surfaces": `&`, `<` and
 * `>` are control characters, and are written as entities.
 */
export function mrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A command as code; undefined for one that rooms would show otherwise than it is pasted. */
export function codeSpan(command: string | undefined): string | undefined {
  return command === undefined || /[&<>`]/.test(command) ? undefined : `\`${command}\``;
}

import type { Token } from './token.ts';

/**
 * Why nothing is rotated of a token, not even for a person who asks, in a sentence; undefined where something
 * may be.
 */
export function whyNotRotated({ name, ending, deletion, detachedAt }: Token): string | undefined {
  if (ending !== undefined) return `${name} was ended by a person: nothing is rotated any more.`;
  if (deletion?.gone === true)
    return (
      `The secret ${name} is gone: nothing is rotated any more; \`keyturn retire\` revokes what is still ` +
      'active of it.'
    );
  if (deletion !== undefined)
    return (
      `The secret ${name} is scheduled for deletion: restore it first, or run \`keyturn retire\` to ` +
      'revoke what is still active of it.'
    );
  return detachedAt === undefined
    ? undefined
    : `The secret ${name} is not registered with this installation any more: register it again first.`;
}

/**
 * Whether Keyturn makes no credential current by itself. A secret that cannot be managed is left alone too; a
 * person may ask all the same, since it may be mended by then.
 */
export function isAtRest(token: Token): boolean {
  return token.unusable !== undefined || whyNotRotated(token) !== undefined;
}

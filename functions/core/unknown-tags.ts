import { nearest } from './nearest.ts';

/** The beginning of every tag of Keyturn's own. */
const OURS = 'keyturn:';

/** A tag that stands in Keyturn's own name space, in whatever case; with something else for the colon, if the rest is a known name. */
export function isOurs(key: string, known: readonly string[]): boolean {
  if (/^\s*keyturn\s*:/i.test(key)) return true;
  return /^\s*keyturn\s*[._/-]/i.test(key) && known.includes(`${OURS}${plain(nameOf(key))}`);
}

/** A name as tags write it: `rotateEvery`, `Rotate_Every` and `rotate every` are all `rotate-every`. */
function plain(name: string): string {
  return name
    .trim()
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
    .replace(/[\s_.-]+/g, '-')
    .toLowerCase();
}

/** What follows the beginning. */
function nameOf(key: string): string {
  return key.trim().replace(/^keyturn\s*[:._/-]\s*/i, '');
}

/**
 * The known tag that a key of Keyturn's own may stand for: the same but for capitals, underscores and the like, or a few letters away. `known` are whole keys.
 * A key with a third part may stand for a declared consumer, whose tags begin with `consumerTag`.
 */
export function nearestTag(key: string, known: readonly string[], consumerTag: string): string | undefined {
  const name = nameOf(key);
  const colon = name.indexOf(':');
  if (colon !== -1) return isNearConsumer(name.slice(0, colon), consumerTag) ? `${consumerTag}${plain(name.slice(colon + 1))}` : undefined;
  const names = known.map((one) => one.slice(OURS.length));
  const wanted = plain(name);
  const joined = wanted.replaceAll('-', '');
  const found = names.find((one) => one === wanted) ?? names.find((one) => one.replaceAll('-', '') === joined) ?? nearest(wanted, names, 1)[0];
  return found === undefined ? undefined : `${OURS}${found}`;
}

function isNearConsumer(part: string, consumerTag: string): boolean {
  return nearest(plain(part), [consumerTag.slice(OURS.length, -1)], 1).length > 0;
}

/** What is wrong with a tag that nobody reads, and what to do, in one sentence. */
export function unknownTagSentence(key: string, near: string | undefined): string {
  return `The tag ${key} is not known and nobody reads it: ${near === undefined ? 'remove it, or correct its name' : `write ${near}, or remove it`}.`;
}

/** Tags that look like Keyturn's own and are not: which they are, and which tag may be meant. */
import { distance, nearest } from '../basics/nearest.ts';
import { CONSUMER_TAG, TAGS, type Tags } from './tags.ts';

/** The beginning of every tag of Keyturn's own. */
const OURS = 'keyturn:';

/**
 * A tag that stands in Keyturn's own name space, in whatever case; with something else for the colon, if
 * the rest is a known name.
 */
export function isOurs(key: string, known: readonly string[]): boolean {
  if (/^\s*keyturn\s*:/i.test(key)) return true;
  return /^\s*keyturn\s*[._/-]/i.test(key) && known.includes(`${OURS}${plain(nameOf(key))}`);
}

/** A name as tags write it: `rotateEvery`, `Rotate_Every` and `rotate every` are all `rotate-every`. */
function plain(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
    .replace(/[\s_./:-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

/** What follows the beginning, which may stand there twice. */
function nameOf(key: string): string {
  return key.trim().replace(/^(keyturn\s*[:._/-]+\s*)+/i, '');
}

/**
 * The known tag that a key of Keyturn's own most likely stands for: the same but for capitals, underscores
 * and the like, or else the one that fewest letters keep apart.
 * Undefined where there is no name at all. `known` are whole keys; tags of declared consumers begin with
 * `consumerTag`.
 */
export function nearestTag(key: string, known: readonly string[], consumerTag: string): string | undefined {
  const wanted = plain(nameOf(key));
  if (wanted === '') return undefined;
  const names = known.map((one) => one.slice(OURS.length));
  const same = names.find((one) => joined(one) === joined(wanted));
  if (same !== undefined) return `${OURS}${same}`;
  return (
    consumerIn(wanted, consumerTag) ?? `${OURS}${nearest(wanted, names, 1)[0] ?? closest(wanted, names)}`
  );
}

function joined(name: string): string {
  return name.replaceAll('-', '');
}

/** A name whose first word is nearly that of consumers declares one, whatever stands between the words. */
function consumerIn(wanted: string, consumerTag: string): string | undefined {
  const [first = '', ...rest] = wanted.split('-');
  const word = consumerTag.slice(OURS.length, -1);
  return distance(first, word) <= MOST_SLIPS ? `${consumerTag}${rest.join('-') || 'NAME'}` : undefined;
}

const MOST_SLIPS = 2;

function closest(wanted: string, names: readonly string[]): string {
  return names.reduce((best, one) => (distance(one, wanted) < distance(best, wanted) ? one : best));
}

/** What is wrong with a tag that Keyturn ignores, and what to do, in one sentence. */
export function unknownTagSentence(key: string, near: string | undefined): string {
  const hint = near === undefined ? '' : `; the nearest known one is ${near}`;
  return `The tag ${key} is not known and Keyturn ignores it${hint}: correct its name, or remove it.`;
}

/** Tags in Keyturn's own name space that mean nothing, each with the one that may be meant. */
export function unknownTags(tags: Tags): { readonly key: string; readonly near: string | undefined }[] {
  const known: readonly string[] = Object.values(TAGS);
  const unknown = [...tags.keys()].filter(
    (key) => isOurs(key, known) && !known.includes(key) && !key.startsWith(CONSUMER_TAG),
  );
  return unknown.sort().map((key) => ({ key, near: nearestTag(key, known, CONSUMER_TAG) }));
}

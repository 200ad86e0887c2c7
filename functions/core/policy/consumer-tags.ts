/** Reads the consumers that tags declare, and what is wrong with those tags. */
import {
  MOST_CONSUMERS,
  parseConsumer,
  unreadableConsumer,
  type DeclaredConsumer,
} from '../consumers/consumers.ts';
import { KeyturnError } from '../basics/errors.ts';
import { CONSUMER_TAG, type TagProblem, type Tags } from './tags.ts';
import { unknownTags } from './unknown-tags.ts';

/** A consumer that cannot be read may use the token all the same; so may one whose tag is misspelt. */
export function consumersIn(
  tags: Tags,
  secretName: string,
): { consumers: DeclaredConsumer[]; problems: TagProblem[] } {
  const found = [...tags]
    .filter(([key]) => key.startsWith(CONSUMER_TAG))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const problems: TagProblem[] = [];
  if (found.length > MOST_CONSUMERS)
    problems.push({
      kind: 'tag-invalid',
      detail:
        `The secret ${secretName} has ${found.length} tags ${CONSUMER_TAG}…: ` +
        `keep ${MOST_CONSUMERS} at most, or declare one consumer of the kind event for many.`,
    });
  const consumers = found.map(([key, value]) => {
    const one = consumerOrFault(key.slice(CONSUMER_TAG.length), value);
    if (typeof one !== 'string') return one;
    problems.push({ kind: 'tag-invalid', detail: `The tag ${key} of the secret ${secretName} ${one}` });
    return unreadableConsumer(key.slice(CONSUMER_TAG.length), value);
  });
  const misspelt = unknownTags(tags).filter(({ near }) => near?.startsWith(CONSUMER_TAG));
  return {
    consumers: [...consumers, ...misspelt.map(({ key }) => unreadableConsumer(key, tags.get(key) ?? ''))],
    problems,
  };
}

function consumerOrFault(name: string, text: string): DeclaredConsumer | string {
  try {
    return parseConsumer(name, text);
  } catch (error) {
    if (error instanceof KeyturnError) return error.message;
    throw error;
  }
}

/** Writes the tags that say a policy, consumers, and where the value stands. Inverse of reading them. */
import { consumerText, type DeclaredConsumer } from '../consumers/consumers.ts';
import { tagTextOf } from './value-notation.ts';
import type { PolicyInput } from './policy-input.ts';
import { CONSUMER_TAG, TAG_LISTS, TAGS } from './tags.ts';

/**
 * The tags that say where the value stands in the secret's text. Inverse of `placeOf` in `value-place.ts`.
 */
export function tagsOfPlace({
  field,
  format,
}: {
  readonly field?: string | undefined;
  readonly format?: string | undefined;
}): [string, string][] {
  const stated = [
    [TAGS.field, field],
    [TAGS.format, format],
  ] satisfies [string, string | undefined][];
  return stated.flatMap(([key, text]) =>
    text === undefined ? [] : [[key, tagTextOf(text)] satisfies [string, string]],
  );
}

/** The tags that declare consumers. Inverse of what {@link registrationOf} reads. */
export function tagsOfConsumers(consumers: readonly DeclaredConsumer[]): [string, string][] {
  return consumers.map((one) => [`${CONSUMER_TAG}${one.name}`, consumerText(one)]);
}

/**
 * The tags that say what a policy says, for those fields that were stated. Inverse of {@link
 * registrationOf}.
 */
export function tagsOfPolicy(input: PolicyInput): [string, string][] {
  return Object.entries(input).flatMap(([key, value]) => {
    const tag = Object.entries(TAGS).find(([name]) => name === key)?.[1];
    if (tag === undefined || value === undefined) return [];
    return [
      [tag, Array.isArray(value) ? value.join(TAG_LISTS.get(key)?.join ?? ' ') : value] satisfies [
        string,
        string,
      ],
    ];
  });
}

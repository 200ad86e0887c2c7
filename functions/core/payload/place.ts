import type { ProviderDescriptor } from '../provider.ts';
import type { Tags } from '../tags.ts';

/** Where in the text of a secret its credential stands. */
export interface ValuePlace {
  /** The field of the JSON, from the outermost object inwards. */
  readonly path: readonly string[];
}

/** The place of a secret's credential: its provider's own field. */
export function placeOf(_tags: Tags, descriptor: Pick<ProviderDescriptor, 'valueField'>): ValuePlace {
  return { path: [descriptor.valueField] };
}

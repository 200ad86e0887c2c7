import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { TAGS, type Tags } from '../policy/tags.ts';
import {
  formatText,
  pathText,
  readFormat,
  readPath,
  textOfTag,
  type Format,
} from '../policy/value-notation.ts';

/** Where in the text of a secret its credential stands, and what it looks like. */
export interface ValuePlace {
  /** The field of the JSON, from the outermost object inwards. */
  readonly path: readonly string[];
  /** Whether a tag names that field: a text that is no JSON object is then not understood. */
  readonly isNamed: boolean;
  /** What stands around the value in its field, or in the whole text; nothing unless a tag says so. */
  readonly format: Format | undefined;
  readonly pattern: RegExp | undefined;
  /** What Keyturn writes beside the value, in the same object. */
  readonly companions: readonly string[];
  /** The provider's own field, where a value stands unless something says otherwise. */
  readonly own: string;
  /** Why the tags say nothing that can be followed: nothing is read then. */
  readonly fault: string | undefined;
}

/** The place of a secret's credential: its provider's own field, or where its tags say. */
export function placeOf(
  tags: Tags,
  descriptor: Pick<ProviderDescriptor, 'valueField' | 'pattern' | 'companions'>,
): ValuePlace {
  const field = tags.get(TAGS.field);
  const format = tags.get(TAGS.format);
  const path = field === undefined ? { read: [descriptor.valueField] } : readPath(textOfTag(field));
  const around = format === undefined ? { read: undefined } : readFormat(textOfTag(format));
  const place = {
    path: [descriptor.valueField],
    isNamed: field !== undefined,
    format: undefined,
    pattern: descriptor.pattern,
    companions: descriptor.companions ?? [],
    own: descriptor.valueField,
  };
  if ('fault' in path) return { ...place, fault: faultOf(TAGS.field, path.fault) };
  if ('fault' in around) return { ...place, fault: faultOf(TAGS.format, around.fault) };
  const companion = place.companions.find((one) => one === path.read.at(-1));
  const fault =
    companion === undefined
      ? undefined
      : faultOf(TAGS.field, `Keyturn writes ${companion} itself, beside the value: name another`);
  return { ...place, path: path.read, format: around.read, fault };
}

/**
 * What a stamp notes of the place of its value, so that it is found there after the tags have changed.
 * Nothing where it is the provider's own field.
 */
export function notedPlace({ path, isNamed, format }: ValuePlace): { field?: string; format?: string } {
  return { ...(isNamed && { field: pathText(path) }), ...(format && { format: formatText(format) }) };
}

/** Inverse of {@link notedPlace}. */
export function placeNoted(
  noted: { readonly field?: string | undefined; readonly format?: string | undefined },
  place: ValuePlace,
): ValuePlace | undefined {
  const path = noted.field === undefined ? { read: [place.own] } : readPath(noted.field);
  const format = noted.format === undefined ? { read: undefined } : readFormat(noted.format);
  return 'fault' in path || 'fault' in format
    ? undefined
    : {
        ...place,
        path: path.read,
        isNamed: noted.field !== undefined,
        format: format.read,
        fault: undefined,
      };
}

function faultOf(tag: string, fault: string): string {
  return `The tag ${tag} of the secret is wrong: ${fault}.`;
}

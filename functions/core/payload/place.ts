import type { ProviderDescriptor } from '../provider.ts';
import { TAGS, type Tags } from '../tags.ts';
import { readFormat, readPath, textOfTag, type Format } from './notation.ts';

/** Where in the text of a secret its credential stands, and what it looks like. */
export interface ValuePlace {
  /** The field of the JSON, from the outermost object inwards. */
  readonly path: readonly string[];
  /** Whether a tag names that field: a text that is no JSON object is then not understood. */
  readonly isNamed: boolean;
  /** What stands around the value in its field, or in the whole text; nothing unless a tag says so. */
  readonly format: Format | undefined;
  readonly pattern: RegExp | undefined;
  /** Why the tags say nothing that can be followed: nothing is read then. */
  readonly fault: string | undefined;
}

/** The place of a secret's credential: its provider's own field, or where its tags say. */
export function placeOf(tags: Tags, descriptor: Pick<ProviderDescriptor, 'valueField' | 'pattern' | 'companions'>): ValuePlace {
  const field = tags.get(TAGS.field);
  const format = tags.get(TAGS.format);
  const path = field === undefined ? { read: [descriptor.valueField] } : readPath(textOfTag(field));
  const around = format === undefined ? { read: undefined } : readFormat(textOfTag(format));
  const place = { path: [descriptor.valueField], isNamed: field !== undefined, format: undefined, pattern: descriptor.pattern };
  if ('fault' in path) return { ...place, fault: faultOf(TAGS.field, path.fault) };
  if ('fault' in around) return { ...place, fault: faultOf(TAGS.format, around.fault) };
  const companion = (descriptor.companions ?? []).find((one) => one === path.read.at(-1));
  const fault = companion === undefined ? undefined : faultOf(TAGS.field, `Keyturn writes ${companion} itself, beside the value: name another`);
  return { ...place, path: path.read, format: around.read, fault };
}

function faultOf(tag: string, fault: string): string {
  return `The tag ${tag} of the secret is wrong: ${fault}.`;
}

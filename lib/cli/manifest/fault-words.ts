// What is wrong with a field of a manifest, in words that read on after the field's name.
import type * as z from 'zod';
import { nearest } from '../../../functions/core/basics/nearest.ts';
import { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { sentence, type Path } from '../../../functions/files/yaml-places.ts';
import { ManifestConsumer } from './consumer-schema.ts';
import { Manifest, ManifestToken } from './schema.ts';

export function wordsFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return issue.message.startsWith('Invalid')
      ? `write one of ${issue.values.join(', ')}`
      : sentence(issue.message);
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input'))
    return sentence(issue.message);
  if (issue.expected === 'object') return 'write fields and values, one a line';
  if (issue.expected === 'array') return 'write a list, like [14d, 7d, 1d]';
  return issue.path.includes('policy')
    ? 'write a length of time like 30d, 12h or 15m'
    : 'write text, in quotes';
}

/** What to do about a field that is not known at a place. */
export function correctionFor(key: string, path: Path): string {
  const known = knownAt(path);
  const [near] = nearest(key, known, 1);
  return near === undefined ? `remove it (there are ${known.join(', ')})` : `write ${near}, or remove it`;
}

function knownAt(path: Path): string[] {
  if (path.length === 0) return Object.keys(Manifest.shape);
  if (path.at(-2) === 'consumers') return Object.keys(ManifestConsumer.shape);
  return path.at(-1) === 'policy' ? Object.keys(PolicyInput.shape) : Object.keys(ManifestToken.shape);
}

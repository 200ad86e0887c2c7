// What is wrong with a field of an issuer's file, in words that read on after the field's name.
import * as z from 'zod';
import { nearest } from '../../../core/basics/nearest.ts';
import { namesAt } from '../../../core/basics/schema-names.ts';
import type { Fault } from './fault.ts';
import { ownIssuerJsonSchema } from './form.ts';

/** The faults that an issue of the schema stands for. `isThere`: whether something stands at a path. */
export function faultsOf(
  issue: z.core.$ZodIssue,
  isThere: (path: readonly PropertyKey[]) => boolean,
): readonly Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `is no field here: ${correctionFor(key, issue.path)}`,
    }));
  const said = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const text = said.startsWith('Invalid input') ? 'write it as own-issuer.schema.json says' : said;
  const isSaid = READS_ON.test(text) || isThere(issue.path);
  return [{ path: issue.path, message: isSaid ? predicate(text) : `is missing: ${text}` }];
}

const READS_ON = /^(is|must|names|has|needs|fits|asks|says) /;

/** A fix alone becomes what can be said of a field. */
function predicate(message: string): string {
  return READS_ON.test(message) ? message : `is wrong: ${message}`;
}

function correctionFor(key: string, path: readonly PropertyKey[]): string {
  const known = namesAt(ownIssuerJsonSchema(), path);
  const [near] = nearest(key, known, 1);
  return near === undefined ? `remove it (there are ${known.join(', ')})` : `write ${near}, or remove it`;
}

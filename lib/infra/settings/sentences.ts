// What is wrong about a setting, as the sentence that people read at synth.
import * as z from 'zod';
import { correctionFor } from './unknown.ts';

/** The field and the fix, without a full stop. `schema` is the JSON Schema of all settings. */
export function sentenceOf(issue: z.core.$ZodIssue, schema: unknown): string {
  const field = z.core.toDotPath(issue.path);
  const at = field === '' ? '' : `${field} `;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [typed = ''] = issue.keys;
      return `${at}has an unknown setting "${typed}": ${correctionFor(typed, issue.path, schema)}`;
    }
    case 'invalid_key':
      return `${at}${issue.issues[0]?.message ?? 'is not allowed here'}`;
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? `${at}must be ${aOrAn(issue.expected)}`
        : `${at}${predicate(issue.message)}`;
    case 'custom':
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_element':
    case 'invalid_value':
      return `${at}${predicate(issue.message)}`;
  }
}

/** A fix alone becomes what can be said of a field. */
function predicate(message: string): string {
  return /^(is|must|names|has|contradicts) /.test(message) ? message : `is wrong: ${message}`;
}

function aOrAn(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

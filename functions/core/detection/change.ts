import type { Severity } from '../findings/findings.ts';

/** One thing that a call changed about a secret. */
export interface Change {
  /** `value`, `labels`, `description`, `key`, `policy`, `replicas`, `tags`, or a tag of Keyturn's own. */
  readonly subject: string;
  readonly severity: Severity;
  /** What was done, in words that follow who did it. */
  readonly what: string;
}

/** What a caller named is shown up to here. */
const SHOWN = 6;

export function listed(names: readonly string[]): string {
  const some = names.slice(0, SHOWN).map(shown).join(', ');
  return names.length > SHOWN ? `${some} and ${names.length - SHOWN} more` : some || 'none';
}

/** A caller chose it: short, and nothing in it that is no part of a name. */
export function shown(text: string): string {
  return text.replaceAll(/[^\w+=,.@:/ -]/g, '_').slice(0, 120);
}

import { consumerText } from '../../../functions/core/consumers/consumers.ts';
import type { Reading } from '../../../functions/core/detection/readers.ts';
import { validityAt } from '../../../functions/core/validity/validity.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Unmanaged } from '../../../functions/core/inventory/unregistered-secrets.ts';
import { actorText } from '../tokens/actor.ts';
import { openFindings } from '../output/finding-view.ts';
import { iso } from '../output/instants.ts';
import type { ReviewRowJson } from '../json/reviews.ts';

const DECISIONS = { approved: 'approved', refused: 'rejected' } as const;

export function reviewView(token: Token, readings: readonly Reading[], now: Instant): ReviewRowJson {
  const last = token.reviews?.at(-1);
  const approved = token.reviews?.findLast((one) => one.decision === 'approved');
  const { name, id, owner, environment, provider: issuer, purpose } = token;
  return {
    name,
    id,
    owner,
    environment,
    issuer,
    purpose,
    validity: validityAt(token, now) ?? null,
    scopes: token.scopes ?? null,
    allowed: token.policy.scopes ?? null,
    approved: approved?.scopes ?? null,
    usedAt: iso(token.use?.last),
    consumers: (token.consumers ?? []).map((one) => `${one.name}=${consumerText(one)}`),
    readers: readings.map((one) => one.principal),
    readAt: iso(readings[0]?.at),
    unrecognized: token.unrecognizedCredentials ?? [],
    findings: openFindings(token).map((one) => one.kind),
    decision: last === undefined ? null : DECISIONS[last.decision],
    decidedAt: iso(last?.at),
    decidedBy: last === undefined ? null : actorText(last.by),
    reason: last?.reason ?? null,
  };
}

const COLUMNS = [
  'name',
  'owner',
  'environment',
  'issuer',
  'purpose',
  'validity',
  'scopes',
  'allowed',
  'approved',
  'usedAt',
  'consumers',
  'readers',
  'readAt',
  'unrecognized',
  'findings',
  'decision',
  'decidedAt',
  'decidedBy',
  'reason',
] as const satisfies readonly (keyof ReviewRowJson)[];

/**
 * Lines of a table for spreadsheets (RFC 4180); secrets that are not registered come last, with nothing but a
 * name, an owner and why they are here.
 */
export function reviewCsv(views: readonly ReviewRowJson[], unmanaged: readonly Unmanaged[]): string[] {
  const rows = views.map((view) => COLUMNS.map((column) => cell(view[column])));
  const others = unmanaged.map((one) => {
    const known = new Map<string, string>([
      ['name', one.name],
      ['owner', one.owner ?? ''],
      ['issuer', 'not registered'],
      ['reason', one.why],
    ]);
    return COLUMNS.map((column) => cell(known.get(column) ?? null));
  });
  return [COLUMNS.join(','), ...rows.map((row) => row.join(',')), ...others.map((row) => row.join(','))];
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe: owners write names and tags (OWASP,
 * "CSV Injection").
 */
function cell(value: string | readonly string[] | null): string {
  const text = value === null ? '' : typeof value === 'string' ? value : value.join(' ');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import * as z from 'zod';
import type { Finding, FindingKind, Observation } from '../findings/findings.ts';
import { kept } from '../basics/record.ts';
import { MINUTE, formatInstant, type Instant, type Millis } from '../basics/time.ts';

/** A test of alerts that a person asked for last. */
export const TestAlert = kept({
  /** The `notAfter` of the request: the same request twice is one test. */
  request: z.number(),
  at: z.number(),
  by: z.string(),
});
export type TestAlert = z.infer<typeof TestAlert>;

interface Tested {
  readonly testAlert?: TestAlert | undefined;
  readonly findings: readonly Finding[];
}

const KIND: FindingKind = 'test-alert-sent';
/** It is over by itself after this, at the next pass that looks. */
const LASTS: Millis = 15 * MINUTE;
/** So many tests that are over are remembered: however often somebody tests, the record does not grow. */
const MOST_REMEMBERED = 5;

/** By which the finding of one test is told from that of another. */
export function testSubject(request: number): string {
  return `request-${request}`;
}

/**
 * Begins a test, in the place of the one before. A request that came before, or is older than the last one,
 * changes nothing.
 */
export function withTestAlert<T extends Tested>(record: T, test: TestAlert): T {
  if (record.testAlert && record.testAlert.request >= test.request) return record;
  const over = record.findings.filter((one) => one.kind === KIND && one.state === 'resolved');
  const forgotten = new Set(over.slice(0, Math.max(over.length - MOST_REMEMBERED, 0)));
  return { ...record, testAlert: test, findings: record.findings.filter((one) => !forgotten.has(one)) };
}

/**
 * For a role, SQS notes `<role id>:<session>`: people know the session (Amazon SQS API Reference,
 * "ReceiveMessage", SenderId).
 */
function sessionOf(by: string): string {
  return by.slice(by.indexOf(':') + 1);
}

/**
 * The test as a finding while it lasts. It is critical, so that it takes every way that a critical finding
 * takes.
 */
export function testObservations({ testAlert }: Pick<Tested, 'testAlert'>, now: Instant): Observation[] {
  if (testAlert === undefined || now >= testAlert.at + LASTS) return [];
  return [
    {
      kind: KIND,
      subject: testSubject(testAlert.request),
      severity: 'critical',
      detail:
        `TEST: ${sessionOf(testAlert.by)} asked for this alert at ${formatInstant(testAlert.at)}. ` +
        'Nothing is wrong, and no token was touched.',
    },
  ];
}

import type { FindingRule } from './rule.ts';

/** What can be wrong with a credential that leaked. */
export const LEAK_RULES = {
  'credential-leaked': {
    title: 'A credential has leaked',
    impact: 'Anyone who found it can use it until it is revoked. Consumers that still use it then fail.',
    action:
      'Nothing, if it resolves within minutes. ' +
      'Otherwise read what it waits for. Find out who used it meanwhile.',
    runbook: 'runbook-credential-leaked',
  },
  'leak-not-contained': {
    title: 'A leaked credential is not replaced and revoked in time',
    impact: 'Anyone who found it may still use it.',
    action: 'Read why in the other findings. If nothing helps, revoke it at the issuer by hand.',
    runbook: 'runbook-leak-not-contained',
  },
  'leak-reports-rate-limited': {
    title: 'Too many leaks are reported at once',
    impact:
      'Further reports of scanners are recorded and not acted on: ' +
      'false reports in bulk would break every consumer at once.',
    action: 'Check whether the reports are real. Then run `keyturn report-leak` for the tokens that wait.',
    runbook: 'runbook-leak-reports-rate-limited',
  },
} as const satisfies Record<string, FindingRule>;

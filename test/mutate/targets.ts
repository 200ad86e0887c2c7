/**
 * What is mutated: what decides whether a credential is revoked, where a value is sent, and whether one is
 * called inactive. Each file with the test files that have to notice. They are few and fast; the first that
 * fails ends the try of a mutant, so the fastest stands first.
 */
export const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'functions/core/revocation/claims.ts': ['test/core/revocation/claims.test.ts'],
  'functions/core/inventory/confirmed-hosts.ts': ['test/core/inventory/confirmed-hosts.test.ts'],
  'functions/core/validity/inactivity-proof.ts': ['test/core/validity/inactivity-proof.test.ts'],
  'functions/core/delivery/consumer-grants.ts': [
    'test/core/delivery/consumer-grants.test.ts',
    'test/providers/grants.test.ts',
  ],
  'functions/core/issuer/identity.ts': ['test/core/issuer/identity.test.ts'],
  'functions/core/inventory/label-digest.ts': ['test/core/inventory/label-digest.test.ts'],
  'functions/core/issuer/likeness.ts': ['test/core/issuer/likeness.test.ts'],
  'functions/core/revocation/forced-revocations.ts': ['test/core/revocation/forced-revocations.test.ts'],
  'functions/core/revocation/permits.ts': ['test/core/revocation/permits.test.ts'],
  'functions/core/revocation/replaced-credentials.ts': ['test/core/revocation/replaced-credentials.test.ts'],
  'functions/core/validity/probes.ts': ['test/core/validity/probes.test.ts'],
  'functions/core/issuer/reach.ts': ['test/core/issuer/reach.test.ts'],
  'functions/core/rotation/failed-rollbacks.ts': ['test/core/rotation/failed-rollbacks.test.ts'],
  'functions/core/token/same-value.ts': ['test/core/token/same-value.test.ts'],
  'functions/core/revocation/urgency.ts': ['test/core/revocation/urgency.test.ts'],
  'functions/handlers/trusted-fetch.ts': ['test/handlers/trusted-fetch.test.ts'],
  'functions/providers/gitlab-refusals.ts': ['test/providers/verdict-tables.test.ts'],
  'functions/providers/elasticsearch/verdicts.ts': ['test/providers/elasticsearch.test.ts'],
  'functions/providers/gitlab/verdicts.ts': [
    'test/providers/verdict-tables.test.ts',
    'test/providers/safe-reasons.test.ts',
  ],
  'functions/providers/grant-of.ts': ['test/providers/grants.test.ts'],
  'functions/providers/grants.ts': ['test/providers/grants.test.ts'],
  'functions/providers/host-memory.ts': ['test/providers/host-memory.test.ts'],
  'functions/providers/hosts.ts': ['test/providers/hosts.test.ts', 'test/handlers/trusted-fetch.test.ts'],
  'functions/providers/http-answer.ts': ['test/providers/http.test.ts', 'test/providers/verdicts.test.ts'],
  'functions/providers/http.ts': [
    'test/providers/http.test.ts',
    'test/providers/verdicts.test.ts',
    'test/providers/host-memory.test.ts',
  ],
  'functions/providers/npm-registry/verdicts.ts': ['test/providers/verdict-tables.test.ts'],
  'functions/providers/okta/verdicts.ts': [
    'test/providers/verdict-tables.test.ts',
    'test/providers/safe-reasons.test.ts',
  ],
  'functions/providers/places.ts': ['test/providers/places.test.ts'],
  'functions/providers/request.ts': ['test/providers/request.test.ts', 'test/providers/http.test.ts'],
  'functions/providers/verdicts.ts': ['test/providers/verdicts.test.ts'],
  'functions/use-cases/evidence/place.ts': ['test/use-cases/revocation/verify-revoked.test.ts'],
  'functions/use-cases/revocation/check-again.ts': ['test/use-cases/revocation/check-again.test.ts'],
  'functions/use-cases/revocation/verify-revoked.ts': ['test/use-cases/revocation/verify-revoked.test.ts'],
  'functions/use-cases/evidence/sightings.ts': ['test/use-cases/evidence/sightings.test.ts'],
  'functions/use-cases/inventory/credential-index.ts': ['test/use-cases/inventory/credential-index.test.ts'],
  'functions/use-cases/revocation/permits.ts': ['test/use-cases/revocation/permits.test.ts'],
  'functions/use-cases/rotation/provenance.ts': ['test/use-cases/rotation/provenance.test.ts'],
  'functions/use-cases/schedules/notice-secret.ts': [
    'test/use-cases/schedules/reconcile-decisions.test.ts',
    'test/use-cases/schedules/reconcile-passes.test.ts',
  ],
  'functions/use-cases/schedules/reconcile-pass.ts': [
    'test/use-cases/schedules/reconcile-decisions.test.ts',
    'test/use-cases/schedules/reconcile-passes.test.ts',
  ],
  'functions/use-cases/schedules/reconcile.ts': [
    'test/use-cases/schedules/reconcile-decisions.test.ts',
    'test/use-cases/schedules/reconcile-passes.test.ts',
  ],
  'functions/use-cases/revocation/grace.ts': ['test/use-cases/revocation/waits.test.ts'],
  'functions/use-cases/revocation/holdings.ts': [
    'test/use-cases/revocation/holdings.test.ts',
    'test/use-cases/revocation/forced.test.ts',
  ],
  'functions/use-cases/revocation/index.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/use-cases/revocation/forced.test.ts',
    'test/use-cases/revocation/holdings.test.ts',
  ],
  'functions/use-cases/revocation/issuer.ts': ['test/use-cases/revocation/guard.test.ts'],
  'functions/use-cases/revocation/last-check.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/use-cases/revocation/waits.test.ts',
    'test/use-cases/revocation/forced.test.ts',
  ],
  'functions/use-cases/revocation/holders.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/use-cases/revocation/forced.test.ts',
    'test/use-cases/revocation/holdings.test.ts',
  ],
  'functions/use-cases/revocation/not-understood.ts': ['test/proofs/not-understood.test.ts'],
  'functions/use-cases/revocation/forced-revocation.ts': ['test/use-cases/revocation/forced.test.ts'],
  'functions/use-cases/revocation/complete-pass.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/use-cases/revocation/waits.test.ts',
  ],
  'functions/use-cases/revocation/replicas.ts': ['test/use-cases/revocation/waits.test.ts'],
  'functions/use-cases/revocation/target.ts': ['test/use-cases/revocation/guard.test.ts'],
  'functions/use-cases/revocation/own-secret.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/use-cases/revocation/forced.test.ts',
  ],
  'functions/use-cases/revocation/way.ts': [
    'test/use-cases/revocation/guard.test.ts',
    'test/proofs/submitted.test.ts',
  ],
  'functions/use-cases/revocation/note-last-look.ts': ['test/use-cases/revocation/waits.test.ts'],
  'functions/use-cases/revocation/disable-credential.ts': ['test/proofs/disabled-first.test.ts'],
  'functions/use-cases/revocation/watch-disabled.ts': ['test/proofs/disabled-first.test.ts'],
};

import { adminPrefixOf } from '../../../functions/core/basics/names.ts';
import type { Lags, Slots } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { CHECK_RULES } from '../../../functions/core/validity/check-rules.ts';
import { SECOND, type Millis } from '../../../functions/core/basics/time.ts';
import { sentence } from '../output/sentence.ts';
import type { IssuerJson } from '../json/issuers.ts';
import { revokedText } from './proof-words.ts';

/** What is known of an issuer, for programs. */
export function issuerView(issuer: ProviderDescriptor): IssuerJson {
  const { id, title, docs, value, found, check, expiry, evidence, admin } = issuer;
  const { tested, valid } = CHECK_RULES[check];
  return {
    id,
    title,
    rotates: sentence(issuer.rotates),
    docs,
    slots: slotsView(issuer.slots),
    value,
    found,
    check,
    counts: { tested: tested.says, active: valid.says, revoked: revokedText(issuer) },
    expiry: { settable: expiry.settable, step: expiry.step, maxDays: expiry.maxDays ?? null },
    lastUsedEvery: seconds(issuer.lastUsedEvery),
    disables: issuer.disables === true,
    lags: lagsView(issuer.lags),
    identifies: issuer.identifies,
    longestValue: issuer.longestValue ?? null,
    valueField: issuer.valueField,
    companions: issuer.companions ?? [],
    hosts: issuer.hosts ?? [],
    admin: {
      secret: adminPrefixOf(id),
      leastRights: admin.leastRights,
      example: admin.example,
      replacedBy: admin.successor === 'minted' ? 'keyturn' : 'person',
    },
    byPerson: issuer.byPerson ? { scopedLink: null, revocation: null, ...issuer.byPerson } : null,
    manualSteps: issuer.manualSteps,
    verified: evidence.verified ?? null,
    sources: evidence.sources,
    unconfirmed: evidence.unconfirmed,
  };
}

function slotsView(slots: Slots): IssuerJson['slots'] {
  return {
    count: 'names' in slots ? slots.names.length : slots.count,
    names: 'names' in slots ? slots.names : null,
    of: slots.of,
    filledBy: slots.filledBy ?? null,
  };
}

function lagsView(lags: Lags): IssuerJson['lags'] {
  return {
    accepted: seconds(lags.accepted),
    listed: seconds(lags.listed),
    refused: seconds(lags.refused),
    allowed: seconds('allowed' in lags ? lags.allowed : undefined),
  };
}

function seconds(length: Millis | undefined): number | null {
  return length === undefined ? null : length / SECOND;
}

import type { ProviderDescriptor } from '../../../core/issuer/provider-descriptor.ts';
import type { Lags, Slots } from '../../../core/issuer/issuer-facts.ts';
import { parseDuration } from '../../../core/basics/time.ts';
import { EXPIRIES } from './expiries.ts';
import type { OwnIssuer } from './shape.ts';
import { placeholdersIn, textsIn } from './placeholders.ts';

type Facts = Pick<
  OwnIssuer,
  | 'id'
  | 'title'
  | 'rotates'
  | 'docs'
  | 'facts'
  | 'account'
  | 'grant'
  | 'admin'
  | 'create'
  | 'check'
  | 'evidence'
>;

/** The declared facts of an issuer's file; what the file does not say is not documented. */
export function descriptorOf(form: Facts): ProviderDescriptor {
  const { id, title, rotates, docs, facts, admin, evidence } = form;
  const lastUsedEvery = lengthOf(facts.lastUsedEvery);
  return {
    id,
    title,
    rotates,
    docs,
    own: true,
    slots: slotsOf(facts.slots),
    value: 'issuer',
    found: 'name',
    valueField: facts.valueField,
    identifies: form.check.credential !== undefined,
    expiry: expiryOf(form),
    ...(lastUsedEvery !== undefined && { lastUsedEvery }),
    lags: lagsOf(facts.lags),
    check: facts.check,
    concurrency: facts.concurrency,
    admin: {
      example: exampleOf(form),
      leastRights: admin.leastRights,
      successor: 'by-hand',
      values: admin.auth.is === 'basic' ? 'chosen' : 'issued',
    },
    manualSteps: admin.steps,
    evidence,
  };
}

/** How a creation asks for an expiry; undefined where it asks for none. */
export function askedExpiry({ create }: Pick<OwnIssuer, 'create'>): (typeof EXPIRIES)[number] | undefined {
  const named = textsIn(create.body).flatMap(placeholdersIn);
  return EXPIRIES.find(({ placeholder }) => named.includes(placeholder));
}

function expiryOf(form: Pick<OwnIssuer, 'create' | 'facts'>): ProviderDescriptor['expiry'] {
  const asked = askedExpiry(form);
  if (asked === undefined) return { settable: false, step: 'none' };
  const { maxDays } = form.facts;
  return {
    settable: true,
    step: asked.step,
    given: asked.given,
    ...(maxDays !== undefined && { maxDays }),
  };
}

function slotsOf({ count, of, filledBy }: OwnIssuer['facts']['slots']): Slots {
  return { count, of: [of], ...(filledBy && { filledBy }) };
}

function lagsOf(written: OwnIssuer['facts']['lags']): Lags {
  const accepted = lengthOf(written.accepted);
  const refused = lengthOf(written.refused);
  const listed = lengthOf(written.listed);
  const rest = listed === undefined ? {} : { listed };
  if (accepted !== undefined && refused !== undefined) return { ...rest, accepted, refused };
  return {
    ...rest,
    allowed: lengthOf(written.allowed) ?? 0,
    ...(accepted !== undefined && { accepted }),
    ...(refused !== undefined && { refused }),
  };
}

function lengthOf(written: string | undefined): number | undefined {
  return written === undefined ? undefined : parseDuration(written);
}

function exampleOf(form: Facts): Readonly<Record<string, unknown>> {
  const { account, grant, admin, title } = form;
  const examples = Object.entries({ ...account.fields, ...grant }).map(([name, { example }]) => [
    name,
    example,
  ]);
  const days = Math.min(60, form.facts.maxDays ?? 60);
  return {
    url: 'https://issuer.example.com',
    ...(admin.auth.is === 'basic'
      ? { user: '<user for Keyturn>', password: '<password of it>' }
      : { token: `<credential for Keyturn>` }),
    grants: [
      {
        secret: `team-a/${wordsOf(title)}`,
        ...Object.fromEntries(examples),
        ...(askedExpiry(form) && { maxDays: days }),
      },
    ],
  };
}

function wordsOf(title: string): string {
  return (
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'token'
  );
}

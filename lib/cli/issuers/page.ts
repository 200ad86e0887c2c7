// What there is to know of an issuer: its page in docs/issuers is made from this, and `keyturn issuer show`.
import { adminPrefixOf } from '../../../functions/core/basics/names.ts';
import { creationEnds } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { LONGEST_VALUE } from '../../../functions/core/secret-text/storable.ts';
import { sentence } from '../output/sentence.ts';
import {
  CHECKS,
  FOUND,
  LEAKED,
  NOT_DOCUMENTED,
  VALUE_MAKERS,
  expiryText,
  fillersText,
  lagText,
  lastUseText,
  meaningOf,
  slotsText,
} from './fact-words.ts';
import { proofRows } from './proof-words.ts';

/** One part of a section: sentences, a table of two columns, an object of JSON, or lines of a list. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly titles: readonly [string, string];
      readonly rows: readonly (readonly [string, string])[];
    }
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'steps' | 'items'; readonly lines: readonly string[] };

/** A part of the page under a title of its own. Texts are Markdown: code, and links from docs/issuers. */
export interface Section {
  readonly title: string;
  readonly parts: readonly Part[];
}

/** The sections about an issuer, in their order. */
export function sectionsOf(issuer: ProviderDescriptor): readonly Section[] {
  return [
    {
      title: 'What it allows',
      parts: [
        { kind: 'table', titles: ['Fact', 'At this issuer'], rows: factsOf(issuer) },
        { kind: 'text', text: meaningOf(issuer.slots) },
      ],
    },
    {
      title: 'What Keyturn calls tested, active and revoked',
      parts: [{ kind: 'table', titles: ['State', 'What counts'], rows: proofRows(issuer) }],
    },
    ...submissionOf(issuer),
    ...revocationOf(issuer),
    {
      title: 'Admin secret',
      parts: [
        {
          kind: 'text',
          text: `Store it as \`${adminPrefixOf(issuer.id)}\`. ${sentence(issuer.admin.leastRights)}`,
        },
        { kind: 'json', value: issuer.admin.example },
        { kind: 'steps', lines: issuer.manualSteps },
      ],
    },
    { title: 'Where this is from', parts: evidenceOf(issuer) },
  ];
}

/** How the next value comes to Keyturn where only people create it. */
function submissionOf({ byPerson }: ProviderDescriptor): Section[] {
  if (!byPerson) return [];
  const failed = byPerson.revocation ? 'to be revoked' : 'revoked';
  return [
    {
      title: 'How a person creates the next value',
      parts: [
        {
          kind: 'text',
          text:
            'The owner of a token is notified when a new value is due: by the finding `value-due`, from ' +
            `\`rotateBeforeExpiry\` before its expiry on. The finding has the link: ${byPerson.link}.`,
        },
        { kind: 'steps', lines: byPerson.steps },
        {
          kind: 'text',
          text:
            'The command asks the issuer whose the value is, what it may do and when it ends. A value that ' +
            'does not fit is refused before it is stored. Then a rotation takes it up, and asks again. ' +
            `A submitted value whose rotation fails afterwards is ${failed}: submit another one.`,
        },
      ],
    },
  ];
}

/** How an old one ends where only people can revoke it. */
function revocationOf({ byPerson }: ProviderDescriptor): Section[] {
  if (!byPerson?.revocation) return [];
  return [
    {
      title: 'How a person revokes an old one',
      parts: [
        {
          kind: 'text',
          text:
            'The owner of a token is asked by the finding `revocation-due`, once its consumers have moved. ' +
            'The finding says since when and until when the old one was current.',
        },
        { kind: 'steps', lines: byPerson.revocation.steps },
      ],
    },
  ];
}

function factsOf(issuer: ProviderDescriptor): [fact: string, here: string][] {
  const { slots, lags, companions = [], hosts = [], admin, longestValue } = issuer;
  const allowed = 'allowed' in lags ? lags.allowed : undefined;
  return [
    ['Active at once', slotsText(slots)],
    ['What else takes a slot', fillersText(slots)],
    ['The value is made by', VALUE_MAKERS[issuer.value]],
    ['A lost creation is found', foundText(issuer)],
    ['Expiry', expiryText(issuer)],
    ['Last use is told', lastUseText(issuer)],
    ['A leaked credential', LEAKED[endOf(issuer)]],
    ['A check of a value', CHECKS[issuer.check]],
    ['A new credential is accepted', lagText(lags.accepted, allowed)],
    ['A new credential is listed', lagText(lags.listed, undefined)],
    ['A revoked credential is refused', lagText(lags.refused, allowed)],
    ['A value tells which credential it is', issuer.identifies ? 'yes' : 'no'],
    ['Longest value', longestText(longestValue)],
    ['Field of the value', code(issuer.valueField)],
    ['Fields beside it', companions.length === 0 ? 'none' : companions.map(code).join(', ')],
    ["The vendor's own hosts", hosts.length === 0 ? 'none: confirm yours' : hosts.map(code).join(', ')],
    [
      'Keyturn replaces the admin credential',
      admin.successor === 'minted' ? 'yes, where it is a token of its own' : 'no: a person does',
    ],
  ];
}

function endOf(issuer: ProviderDescriptor): keyof typeof LEAKED {
  if (creationEnds(issuer)) return 'replaced';
  if (issuer.byPerson?.revocation) return 'asked';
  return issuer.disables === true ? 'disabled' : 'revoked';
}

function foundText({ value, found }: ProviderDescriptor): string {
  return value === 'person' ? 'Keyturn creates none' : FOUND[found];
}

function longestText(longest: number | undefined): string {
  return longest === undefined
    ? `${NOT_DOCUMENTED}; Keyturn allows for ${LONGEST_VALUE} bytes`
    : `${longest} bytes`;
}

function evidenceOf({ evidence }: ProviderDescriptor): Part[] {
  const { sources, unconfirmed } = evidence;
  const open: Part[] =
    unconfirmed.length === 0
      ? []
      : [
          { kind: 'text', text: 'Not confirmed:' },
          { kind: 'items', lines: unconfirmed },
        ];
  return [
    { kind: 'text', text: verifiedText(evidence) },
    { kind: 'text', text: 'Sources:' },
    { kind: 'items', lines: sources },
    ...open,
  ];
}

function verifiedText({ verified }: ProviderDescriptor['evidence']): string {
  return verified === undefined
    ? 'Documentation only: no request of Keyturn was held against a real answer.'
    : `Verified against ${verified}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}

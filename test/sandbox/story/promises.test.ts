import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, FindingFact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import { GROUP, PUBLISH } from '../../../lib/sandbox/story/cast.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { lostGrant } from '../../../lib/sandbox/story/episodes/lost-grant.ts';
import type { Evidence } from '../../../lib/sandbox/story/evidence.ts';
import { judge } from '../../../lib/sandbox/story/promises.ts';
import type { Mail } from '../../../lib/sandbox/index.ts';

function life(what: LifecycleFact['what'], about: string, name = PUBLISH): LifecycleFact {
  const tokenId = `${name}-abcdef`;
  return {
    type: 'lifecycle',
    id: `${tokenId}/life/${what}/${about}`,
    at: 1,
    tokenId,
    name,
    issuer: 'x',
    owner: 'o',
    environment: 'e',
    what,
    detail: '',
    by: 'keyturn',
  };
}

function finding(change: FindingFact['change'], name: string): FindingFact {
  return {
    type: 'finding',
    id: `${name}/${change}`,
    at: 1,
    tokenId: name,
    name,
    issuer: 'x',
    owner: 'o',
    environment: 'e',
    change,
    kind: 'credential-orphaned',
    subject: '',
    severity: 'warning',
    detail: '',
    sequence: 1,
  };
}

const FACTS: Fact[] = [
  life('rotation-started', 'a'),
  life('rotated', 'a'),
  life('revoked', 'old'),
  life('revocation-verified', 'old'),
];
const ALERT = { secret: GROUP, kind: 'secret-unusable', severity: 'critical', at: 1, resolvedAt: 2 } as const;

const CREDENTIAL = { handle: 'new', value: 'v', name: undefined, createdAt: 0, live: true };
const GOOD: Evidence = {
  secrets: [PUBLISH],
  facts: FACTS,
  calls: [{ agent: 'one', calls: 100, failures: 0, expected: 100 }],
  holdings: [{ secret: PUBLISH, live: [CREDENTIAL], retired: [{ handle: 'old', isRefused: true }] }],
  heard: {
    alerts: [
      { ...ALERT, channel: 'mail' },
      { ...ALERT, channel: 'pager' },
    ],
    loose: [],
  },
  mails: [],
  usual: [PUBLISH],
  start: 0,
  episodes: [lostGrant({ lost: 0, mended: 0, endsAfter: DAY + 10 })],
  leaks: [],
  searched: { places: 5, values: 5 },
  leastRotations: 1,
};

function brokenBy(change: Partial<Evidence>): number[] {
  return judge({ ...GOOD, ...change }).flatMap(({ held }, index) => (held ? [] : [index]));
}

/** A digest as a mailbox keeps it, with a line for each finding of a token. */
function digest(at: number, ...names: string[]): Mail {
  return {
    at,
    to: 'x@example.com',
    subject: `[digest] ${names.length} open, 0 over: tokens of o`,
    text: names
      .map((name) => `[warning] ${name}: ${FINDING_RULES['credential-orphaned'].title} (stray)`)
      .join('\n'),
    file: 'x.eml',
  };
}

const SMALL = [...FACTS, finding('opened', GROUP), finding('resolved', GROUP)];
const EXPECTED: Evidence['episodes'] = GOOD.episodes.map((episode) => ({
  ...episode,
  expects: [{ secret: GROUP, kind: 'credential-orphaned' }],
}));

const [mail, pager] = GOOD.heard.alerts;

/** Each with the places in the list of the promises that it breaks. */
const CASES: readonly [what: string, change: Partial<Evidence>, broken: number[]][] = [
  ['nothing', {}, []],
  ['a refused consumer', { calls: [{ agent: 'one', calls: 100, failures: 1, expected: 100 }] }, [0]],
  ['a consumer that does nothing', { calls: [{ agent: 'one', calls: 10, failures: 0, expected: 100 }] }, [1]],
  ['a rotation that never ends', { facts: [...FACTS, life('rotation-started', 'b')] }, [2]],
  ['an aborted rotation', { facts: [...FACTS, life('rotation-aborted', 'a')] }, [2]],
  ['too few rotations', { leastRotations: 2 }, [3]],
  [
    'a revoked value that works',
    { holdings: [{ secret: PUBLISH, live: [CREDENTIAL], retired: [{ handle: 'old', isRefused: false }] }] },
    [4],
  ],
  ['a revoked value whose revocation was not verified', { facts: FACTS.slice(0, 3) }, [4]],
  ['nothing retired at all', { holdings: [{ secret: PUBLISH, live: [CREDENTIAL], retired: [] }] }, [4]],
  [
    'a second live credential',
    {
      holdings: [
        { secret: PUBLISH, live: [CREDENTIAL, CREDENTIAL], retired: [{ handle: 'old', isRefused: true }] },
      ],
    },
    [5],
  ],
  ['no page', { heard: { alerts: mail ? [mail] : [], loose: [] } }, [6]],
  ['two mails', { heard: { alerts: mail && pager ? [mail, mail, pager] : [], loose: [] } }, [6]],
  [
    'no resolve',
    {
      heard: {
        alerts: [
          { ...ALERT, channel: 'mail', resolvedAt: undefined },
          { ...ALERT, channel: 'pager' },
        ],
        loose: [],
      },
    },
    [6],
  ],
  ['an alert after the end', { episodes: [lostGrant({ lost: 0, mended: 0, endsAfter: DAY + 1 })] }, [6]],
  ['a retired token with a live credential', { facts: [...FACTS, life('retired', '1')] }, [5]],
  [
    'a retired token with none',
    {
      facts: [...FACTS, life('retired', '1')],
      holdings: [{ secret: PUBLISH, live: [], retired: [{ handle: 'old', isRefused: true }] }],
    },
    [],
  ],
  [
    'a resolve of nothing',
    { heard: { ...GOOD.heard, loose: [{ ...ALERT, channel: 'mail', severity: undefined }] } },
    [7],
  ],
  [
    'a finding of another token',
    {
      facts: [...FACTS, finding('opened', PUBLISH), finding('resolved', PUBLISH)],
      mails: [digest(1, PUBLISH)],
    },
    [7],
  ],
  [
    'a finding that stays open',
    { facts: [...FACTS, finding('opened', GROUP)], mails: [digest(1, GROUP)] },
    [7],
  ],
  [
    'a warning in the digest',
    { facts: SMALL, episodes: EXPECTED, mails: [digest(1, GROUP), digest(DAY + 1, GROUP)] },
    [],
  ],
  [
    'a warning without a notification',
    { facts: SMALL, episodes: EXPECTED, mails: [digest(1, PUBLISH)] },
    [8],
  ],
  [
    'two digests in a morning',
    { facts: SMALL, episodes: EXPECTED, mails: [digest(1, GROUP), digest(2, GROUP)] },
    [8],
  ],
  [
    'a warning by a mail of its own',
    {
      facts: SMALL,
      episodes: EXPECTED,
      mails: [digest(1, GROUP), { ...digest(2), subject: '[warning] x token y: z' }],
    },
    [8],
  ],
  ['a search for nothing', { searched: { places: 5, values: 0 } }, [9]],
  ['a leaked value', { leaks: ['mail/0001.eml'] }, [9]],
];

for (const [what, change, broken] of CASES) {
  test(`promises that ${what} breaks`, () => assert.deepEqual(brokenBy(change), broken));
}

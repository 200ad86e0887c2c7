import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Token } from '../../functions/core/token/token.ts';
import { current, healthy, open, previous } from '../cli/tokens.ts';
import { judge, judgeEnd, judgeRemains, type Scene } from './judge.ts';

const record = healthy('prod/x');
const [own] = record.credentials;

/** All is well: one credential, known, current, in use. */
function scene(change: Partial<Scene> = {}, token: Partial<Token> = {}): Scene {
  const handle = own?.handle ?? '';
  return {
    record: { ...record, ...token },
    labels: new Map([['v1', ['AWSCURRENT']]]),
    current: '{"token":"value-1"}',
    credentials: [{ handle, value: 'value-1', name: undefined, createdAt: 0, live: true }],
    consumer: { calls: () => 80, failures: () => 0 },
    ...change,
  };
}
const [credential] = scene().credentials;
const orphanedCredential = { handle: 'nobody', value: 'value-2', name: undefined, createdAt: 0, live: true };

test('a token that is well has no violation', () => {
  assert.deepEqual(judgeEnd(scene(), undefined), []);
});

const WRONG: readonly [what: string, scene: Scene, violation: RegExp][] = [
  ['no record', scene({ record: undefined }), /not in the inventory/],
  [
    'an inactive current value',
    scene({ credentials: [{ ...orphanedCredential, handle: credential?.handle ?? '' }] }),
    /does not know as live/,
  ],
  [
    'a live credential that no record has',
    scene({ credentials: [...scene().credentials, orphanedCredential] }),
    /nobody is on no record/,
  ],
  [
    'a pending label without an attempt',
    scene({
      labels: new Map([
        ['v1', ['AWSCURRENT']],
        ['v2', ['AWSPENDING']],
      ]),
    }),
    /AWSPENDING is left/,
  ],
];

for (const [what, given, violation] of WRONG)
  test(`the judge sees ${what}`, () => assert.match(judge(given, 'reset').join('\n'), violation));

const WRONG_AT_THE_END: readonly [what: string, scene: Scene, violation: RegExp][] = [
  [
    'a consumer that was refused',
    scene({ consumer: { calls: () => 80, failures: () => 2 } }),
    /2 calls of the consumer were refused/,
  ],
  [
    'a delivery that was lost',
    scene({ unserved: ['the cluster'] }),
    /the cluster does not have the current value/,
  ],
  ['a consumer that did nothing', scene({ consumer: { calls: () => 3, failures: () => 0 } }), /hardly used/],
  [
    'two live generations',
    scene({}, { credentials: [previous(), current()] }),
    /2 generations live on record/,
  ],
  [
    'no current generation',
    scene({}, { credentials: [previous()] }),
    /not exactly one generation is current/,
  ],
];

for (const [what, given, violation] of WRONG_AT_THE_END)
  test(`at the end the judge sees ${what}`, () =>
    assert.match(judgeEnd(given, 'reset').join('\n'), violation));

test('an unknown validity tells of a revoked value only where a refusal proves nothing', () => {
  const revoked = scene({ credentials: [{ ...orphanedCredential, handle: credential?.handle ?? '' }] });
  const finding = open({ kind: 'validity-unknown' });
  const isTold = (provider: string): boolean =>
    !judge({ ...revoked, record: { ...record, provider, findings: [finding] } }, 'revoked-by-hand').some(
      (text) => text.includes('does not know as live'),
    );
  assert.deepEqual(['gitlab', 'github', 'mailgun', 'sentry'].map(isTold), [false, false, true, true]);
});

test('a credential that is known by its value alone is accounted for where that value stands', () => {
  const issued = [...scene().credentials, orphanedCredential];
  assert.match(judge(scene({ credentials: issued }), undefined).join(), /nobody is on no record/);
  assert.deepEqual(judge(scene({ credentials: issued, held: new Set(['nobody']) }), undefined), []);
});

test('what a person does is not held against the product', () => {
  assert.deepEqual(
    judge(scene({ credentials: [...scene().credentials, orphanedCredential] }), 'value-put-by-hand'),
    [],
  );
  assert.deepEqual(
    judgeEnd(scene({ consumer: { calls: () => 80, failures: () => 2 } }), 'revoked-by-hand'),
    [],
  );
});

test('a person who gives a name a new value may break consumers, and nobody elsewhere', () => {
  const failing = scene({ consumer: { calls: () => 80, failures: () => 2 } });
  const isHeld = (provider: string): boolean =>
    judgeEnd({ ...failing, record: { ...record, provider } }, 'value-put-by-hand').some((text) =>
      text.includes('calls of the consumer were refused'),
    );
  assert.deepEqual(['gitlab', 'okta', 'rabbitmq'].map(isHeld), [true, true, false]);
});

test('a value, a body of an issuer, or a command given up is seen in what is left', () => {
  const left = {
    written: [
      ['log', 'a value-1 b'],
      ['facts', 'canary-in-a-body'],
      ['mail', 'nothing'],
    ],
    values: ['value-1'],
    deadLetters: 1,
  } as const;
  assert.deepEqual(judgeRemains(left), [
    '1 commands ended in the dead-letter queue',
    'a secret value is in the log',
    'a secret value is in the facts',
  ]);
});

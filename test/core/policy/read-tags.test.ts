import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { DeclaredConsumer } from '../../../functions/core/consumers/consumers.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { PolicyDefaults, PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { TAGS, type TagProblem } from '../../../functions/core/policy/tags.ts';
import { registrationOf, type RegistrationContext } from '../../../functions/core/policy/read-tags.ts';
import { tagsOfConsumers, tagsOfPlace } from '../../../functions/core/policy/write-tags.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { durationTexts } from '../../fakes/arbitraries.ts';

const NAMED: readonly [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'team-billing'],
];

const GITLAB = { id: 'gitlab', expiry: { settable: true, step: 'day', maxDays: 365 } } as const;

const CONSUMERS: readonly DeclaredConsumer[] = [
  { name: 'api', kind: 'ecs', target: 'prod/api' },
  { name: 'team', kind: 'ack', target: 'team-billing' },
];

function refusal(tags: readonly (readonly [string, string])[]): KeyturnError {
  try {
    registrationOf(new Map(tags), 'prod/app');
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    return error;
  }
  return assert.fail('accepted');
}

/** What is wrong with tags that a rotation does not need. */
function problems(
  tags: readonly (readonly [string, string])[],
  about: RegistrationContext = {},
): readonly TagProblem[] {
  return (
    registrationOf(new Map([...NAMED, ...tags]), 'prod/app', {}, about).problems ??
    assert.fail('not looked at')
  );
}

describe('tags', () => {
  it('say installation, provider and owner; all else has a default', () => {
    assert.deepEqual(registrationOf(new Map(NAMED), 'prod/app'), {
      installation: 'main',
      provider: 'gitlab',
      owner: 'team-billing',
      environment: 'production',
      purpose: '',
      admin: undefined,
      policy: DEFAULT_POLICY,
      consumers: [],
      problems: [],
    });
  });

  it('say the rest where they are there', () => {
    const more: [string, string][] = [
      [TAGS.environment, 'staging'],
      [TAGS.purpose, 'deploys'],
      [TAGS.admin, 'keyturn/admin/gitlab/second'],
      ['cost-centre', '4711'],
    ];
    const { environment, purpose, admin } = registrationOf(new Map([...NAMED, ...more]), 'prod/app');
    assert.deepEqual([environment, purpose, admin], ['staging', 'deploys', 'keyturn/admin/gitlab/second']);
  });

  for (const [missing] of NAMED.slice(0, 2))
    it(`name the tag ${missing} when it is missing or empty, with an example`, () => {
      for (const tags of [
        NAMED.filter(([key]) => key !== missing),
        NAMED.map(([key, value]) => [key, key === missing ? '' : value] as const),
      ]) {
        const error = refusal(tags);
        assert.equal(error.code, 'tag-missing');
        assert.ok(error.message.includes(`${missing}=`) && error.message.includes('prod/app'), error.message);
      }
    });

  it('without an owner are a problem, and no reason not to rotate', () => {
    for (const owner of [[], [[TAGS.owner, '']] as const]) {
      const registration = registrationOf(new Map([...NAMED.slice(0, 2), ...owner]), 'prod/app');
      assert.equal(registration.owner, 'unknown');
      assert.deepEqual(registration.problems, [
        {
          kind: 'tag-invalid',
          detail:
            'The secret prod/app has no tag keyturn:owner: add it, for example keyturn:owner=team-billing.',
        },
      ]);
    }
  });

  it('name the tag that says nothing of where the value stands, and take one that does', () => {
    for (const [key, text] of [
      [TAGS.field, 'a..b'],
      [TAGS.field, '_keyturn'],
      [TAGS.format, 'Bearer'],
      [TAGS.format, ''],
    ] as const) {
      const error = refusal([...NAMED, [key, text]]);
      assert.equal(error.code, 'tag-invalid');
      assert.ok(error.message.startsWith(`The tag ${key} of the secret prod/app is wrong: `), error.message);
    }
    registrationOf(
      new Map([...NAMED, ...tagsOfPlace({ field: 'a.b', format: 'Bearer {value}' })]),
      'prod/app',
    );
    assert.deepEqual(tagsOfPlace({}), []);
  });

  it('name each tag that is wrong', () => {
    const wrong = (
      [
        'rotateEvery',
        'maxAge',
        'warnBefore',
        'minGrace',
        'evidence',
        'onMaxGrace',
        'rotationWindows',
      ] as const
    ).map((key) => [TAGS[key], 'soon'] as const);
    const told = problems(wrong);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      wrong.map(() => 'tag-invalid'),
    );
    for (const [tag] of wrong)
      assert.ok(
        told.some(({ detail }) => detail.startsWith(`The tag ${tag} of the secret prod/app is wrong: `)),
        tag,
      );
  });

  it('say which fields contradict each other, and that a length of zero is none', () => {
    assert.match(
      problems([[TAGS.rotateEvery, '91d']])[0]?.detail ?? '',
      /prod\/app ask what cannot be kept: rotateEvery 91d/,
    );
    assert.deepEqual(problems([[TAGS.rotateEvery, '0d']]), [
      {
        kind: 'policy-unkeepable',
        detail:
          'The tags of the secret prod/app ask what cannot be kept: rotateEvery must be longer than 0s.',
      },
    ]);
  });

  it('that ask more than the issuer can keep say so with the arithmetic', () => {
    const tags = [
      [TAGS.rotateEvery, '12h'],
      [TAGS.maxAge, '1d'],
    ] as const;
    assert.match(
      problems(tags, { issuer: GITLAB })[0]?.detail ?? '',
      new RegExp(
        'ask what cannot be kept: maxAge 1d leaves too little at gitlab, ' +
          'where credentials end at 00:00 of a date: .* raise maxAge to 2d',
      ),
    );
    assert.deepEqual(
      problems(tags, { issuer: { id: 'npm-registry', expiry: { settable: false, step: 'none' } } }),
      [],
    );
  });

  it('that ask for declared consumers, or follow themselves, are reported with the fix', () => {
    const wants = [TAGS.evidence, 'consumers'] as const;
    const sentence = new RegExp(
      '^The tags of the secret prod/app ask what cannot be kept: evidence consumers wants .* ' +
        String.raw`none is declared: declare one .* or write last-used or time\.$`,
    );
    assert.match(problems([wants])[0]?.detail ?? '', sentence);
    assert.match(
      problems([[TAGS.rotateAfter, 'prod/app']])[0]?.detail ?? '',
      /^The tags of the secret prod\/app ask what cannot be kept: rotateAfter names the token itself: name /,
    );
    const consumer = tagsOfConsumers(CONSUMERS);
    assert.equal(
      registrationOf(new Map([...NAMED, wants, ...consumer]), 'prod/app').policy.evidence,
      'consumers',
    );
    const defaults = PolicyDefaults.parse({ environments: { production: { evidence: 'all' } } });
    assert.match(
      registrationOf(new Map(NAMED), 'prod/app', defaults).problems?.[0]?.detail ?? '',
      new RegExp(
        '^The tags of the secret prod/app and the policies set for its installation ' +
          'ask what cannot be kept: evidence all wants ',
      ),
    );
    assert.equal(
      registrationOf(new Map([...NAMED, ...consumer]), 'prod/app', defaults).policy.evidence,
      'all',
    );
    assert.equal(
      registrationOf(new Map([...NAMED, [TAGS.environment, 'dev']]), 'prod/app', defaults).policy.evidence,
      'last-used',
    );
  });

  it('take lists with spaces, commas or slashes between', () => {
    fc.assert(
      fc.property(
        fc.array(
          durationTexts.filter((text) => !/^0+\D/.test(text)),
          { minLength: 1, maxLength: 4 },
        ),
        fc.constantFrom(' ', ', ', '/', '  '),
        (texts, between) => {
          const listed = registrationOf(
            new Map([...NAMED, [TAGS.warnBefore, texts.join(between)]]),
            'prod/app',
          ).policy.warnBefore;
          assert.deepEqual(listed, PolicyInput.parse({ warnBefore: texts }).warnBefore);
        },
      ),
    );
  });

  it('that Keyturn ignores become problems that name both, and change nothing of the policy', () => {
    const tags = [
      ['keyturn:rotateEvery', '1d'],
      [TAGS.minGrace, '5h'],
    ] as const;
    assert.deepEqual(problems(tags), [
      {
        kind: 'tag-invalid',
        detail:
          'The tag keyturn:rotateEvery is not known and Keyturn ignores it; ' +
          'the nearest known one is keyturn:rotate-every: correct its name, or remove it.',
      },
    ]);
    assert.deepEqual(registrationOf(new Map([...NAMED, ...tags]), 'prod/app').policy, {
      ...DEFAULT_POLICY,
      minGrace: 5 * HOUR,
    });
  });
});

describe('the word that a value may end with the creation of the next', () => {
  const AUTH0 = {
    id: 'auth0',
    expiry: { settable: false, step: 'none' },
    slots: { names: ['client_secret'], of: ['application'] },
  } as const;
  const tagged = (more: readonly (readonly [string, string])[], about: RegistrationContext = {}) =>
    registrationOf(new Map([...NAMED, ...more]), 'prod/app', {}, { issuer: AUTH0, ...about });

  it('is what the tags say now, never what the policy on record says', () => {
    assert.equal(tagged([[TAGS.overlap, 'none']]).policy.overlap, 'none');
    const last = { ...DEFAULT_POLICY, overlap: 'none' } as const;
    assert.equal(tagged([], { last }).policy.overlap, 'kept');
    const broken = [[TAGS.rotateEvery, 'banana']] as const;
    assert.equal(tagged(broken, { last }).policy.overlap, 'kept');
    assert.equal(tagged([...broken, [TAGS.overlap, 'none']], { last }).policy.overlap, 'none');
    for (const text of ['None', 'none ', '', 'yes', 'kept'])
      assert.equal(tagged([[TAGS.overlap, text]], { last }).policy.overlap, 'kept', text);
  });

  it('is missed with one sentence, and all else of the policy is in force', () => {
    const { policy, problems: found = [] } = tagged([[TAGS.rotateEvery, '9d']]);
    assert.equal(policy.rotateEvery, 9 * 24 * HOUR);
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['policy-unkeepable'],
    );
    assert.match(found[0]?.detail ?? '', /^The secret prod\/app is not rotated: overlap has to be none/);
  });

  it("is each token's own: settings do not say it for others", () => {
    assert.ok(!PolicyDefaults.safeParse({ all: { overlap: 'none' } }).success);
    assert.ok(!PolicyDefaults.safeParse({ issuers: { auth0: { overlap: 'none' } } }).success);
  });
});

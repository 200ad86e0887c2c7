import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { DeclaredConsumer } from '../../functions/core/delivery/consumers.ts';
import { policyFrom } from '../../functions/core/contradictions.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import { DEFAULT_POLICY, PolicyDefaults, PolicyInput, policyText, type Policy } from '../../functions/core/policy.ts';
import { TAGS, registrationOf, tagsOfConsumers, tagsOfPlace, tagsOfPolicy } from '../../functions/core/tags.ts';
import { durationTexts, policies, policyInputs } from '../fakes/arbitraries.ts';

const NAMED: readonly [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.provider, 'gitlab'],
  [TAGS.owner, 'team-billing'],
];

const CONSUMERS: readonly DeclaredConsumer[] = [{ name: 'api', kind: 'ecs', target: 'prod/api' }, { name: 'team', kind: 'ack', target: 'team-billing' }];

function refusal(tags: readonly (readonly [string, string])[]): KeyturnError {
  try {
    registrationOf(new Map(tags), 'prod/app');
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    return error;
  }
  return assert.fail('accepted');
}

/** The policy, or the sentence with which it is refused. */
function outcome(make: () => Policy): unknown {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    return 'refused';
  }
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
    });
  });

  it('say the rest where they are there', () => {
    const more: [string, string][] = [[TAGS.environment, 'staging'], [TAGS.purpose, 'deploys'], [TAGS.admin, 'keyturn/admin/gitlab/second'], ['cost-centre', '4711']];
    const { environment, purpose, admin } = registrationOf(new Map([...NAMED, ...more]), 'prod/app');
    assert.deepEqual([environment, purpose, admin], ['staging', 'deploys', 'keyturn/admin/gitlab/second']);
  });

  for (const [missing] of NAMED)
    it(`name the tag ${missing} when it is missing or empty, with an example`, () => {
      for (const tags of [NAMED.filter(([key]) => key !== missing), NAMED.map(([key, value]) => [key, key === missing ? '' : value] as const)]) {
        const error = refusal(tags);
        assert.equal(error.code, 'tag-missing');
        assert.ok(error.message.includes(`${missing}=`) && error.message.includes('prod/app'), error.message);
      }
    });

  it('name the tag that is wrong', () => {
    for (const key of ['rotateEvery', 'maxAge', 'warnBefore', 'graceLeast', 'evidence', 'atMostGrace'] as const) {
      const error = refusal([...NAMED, [TAGS[key], 'soon']]);
      assert.equal(error.code, 'tag-invalid');
      assert.ok(error.message.includes(TAGS[key]), error.message);
    }
  });

  it('name the tag that says nothing of where the value stands, and take one that does', () => {
    for (const [key, text] of [[TAGS.field, 'a..b'], [TAGS.field, '_keyturn'], [TAGS.format, 'Bearer'], [TAGS.format, '']] as const) {
      const error = refusal([...NAMED, [key, text]]);
      assert.equal(error.code, 'tag-invalid');
      assert.ok(error.message.startsWith(`The tag ${key} of the secret prod/app is wrong: `), error.message);
    }
    registrationOf(new Map([...NAMED, ...tagsOfPlace({ field: 'a.b', format: 'Bearer {value}' })]), 'prod/app');
    assert.deepEqual(tagsOfPlace({}), []);
  });

  it('say which fields contradict each other, and that a length of zero is none', () => {
    assert.match(refusal([...NAMED, [TAGS.rotateEvery, '91d']]).message, /prod\/app contradict each other: rotateEvery 91d/);
    const zero = refusal([...NAMED, [TAGS.rotateEvery, '0d']]);
    assert.equal(zero.code, 'tag-invalid');
    assert.match(zero.message, /rotateEvery/);
  });

  it('say the very policy they were made from', () => {
    fc.assert(
      fc.property(fc.oneof(policyInputs, policies.map(policyText)), fc.subarray([...CONSUMERS]), (input, consumers) => {
        const tags = [...NAMED, ...tagsOfPolicy(input), ...tagsOfConsumers(consumers)];
        assert.deepEqual(
          outcome(() => registrationOf(new Map(tags), 'prod/app').policy),
          outcome(() => policyFrom(PolicyInput.parse(input), { name: 'prod/app', consumers })),
        );
      }),
    );
  });

  it('that want consumers to have moved, or follow themselves, are refused with the fix; so are those of an installation that sets it', () => {
    const wants = [TAGS.evidence, 'consumers'] as const;
    const sentence = /^The tags of the secret prod\/app contradict each other: evidence consumers wants .* none is declared: declare one .* or write last-used or time\.$/;
    assert.match(refusal([...NAMED, wants]).message, sentence);
    assert.equal(refusal([...NAMED, wants]).code, 'tag-invalid');
    assert.match(refusal([...NAMED, [TAGS.after, 'prod/app']]).message, /^The tags of the secret prod\/app contradict each other: after names the token itself: name /);
    const consumer = tagsOfConsumers(CONSUMERS);
    assert.equal(registrationOf(new Map([...NAMED, wants, ...consumer]), 'prod/app').policy.evidence, 'consumers');
    const defaults = PolicyDefaults.parse({ environments: { production: { evidence: 'all' } } });
    assert.throws(() => registrationOf(new Map(NAMED), 'prod/app', defaults), { code: 'tag-invalid', message: /^The tags of the secret prod\/app and the policies set for its installation contradict each other: evidence all wants / });
    assert.equal(registrationOf(new Map([...NAMED, ...consumer]), 'prod/app', defaults).policy.evidence, 'all');
    assert.equal(registrationOf(new Map([...NAMED, [TAGS.environment, 'dev']]), 'prod/app', defaults).policy.evidence, 'last-used');
  });

  it('say nothing of what was not stated', () => {
    const tagOf = (field: string): string => String(Object.entries(TAGS).find(([name]) => name === field)?.[1]);
    fc.assert(fc.property(policyInputs, (input) => assert.deepEqual(tagsOfPolicy(input).map(([tag]) => tag).toSorted(), Object.keys(input).map(tagOf).toSorted())));
  });

  it('take lists with spaces, commas or slashes between', () => {
    fc.assert(
      fc.property(fc.array(durationTexts.filter((text) => !/^0+\D/.test(text)), { minLength: 1, maxLength: 4 }), fc.constantFrom(' ', ', ', '/', '  '), (texts, between) => {
        const listed = registrationOf(new Map([...NAMED, [TAGS.warnBefore, texts.join(between)]]), 'prod/app').policy.warnBefore;
        assert.deepEqual(listed, PolicyInput.parse({ warnBefore: texts }).warnBefore);
      }),
    );
  });

  it('have one tag for every field of a policy, and keys that AWS takes', () => {
    for (const field of Object.keys(PolicyInput.shape)) assert.ok(field in TAGS, field);
    const keys = Object.values(TAGS);
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^keyturn:[a-z][a-z-]+$/);
  });
});

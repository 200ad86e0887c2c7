import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_CONSUMERS, parseConsumer } from '../../../functions/core/consumers/consumers.ts';
import { CONSUMER_TAG, TAGS } from '../../../functions/core/policy/tags.ts';
import { registrationOf } from '../../../functions/core/policy/read-tags.ts';
import { tagsOfConsumers } from '../../../functions/core/policy/write-tags.ts';

const NAMED: [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'team'],
];

describe('tags of consumers', () => {
  it('declare them by name, in one order', () => {
    const consumers = [parseConsumer('api', 'ecs:prod/api'), parseConsumer('ci', 'github:acme/x:TOKEN')];
    const tags = new Map([...NAMED, ...tagsOfConsumers(consumers).toReversed()]);
    assert.deepEqual(registrationOf(tags, 'prod/app').consumers, consumers);
  });

  it('that cannot be read are reported by name, and declare a consumer that has not moved', () => {
    const wrong = new Map([
      ...NAMED,
      [`${CONSUMER_TAG}ci`, 'github:acme'],
      [`${CONSUMER_TAG}Billing CI`, 'ecs:prod/api'],
      [`${CONSUMER_TAG}ok`, 'ack:team'],
    ] as [string, string][]);
    const { consumers, problems = [] } = registrationOf(wrong, 'prod/app');
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['tag-invalid', 'tag-invalid'],
    );
    assert.match(
      problems[0]?.detail ?? '',
      /^The tag keyturn:consumer:Billing CI of the secret prod\/app names the consumer "Billing CI": write /,
    );
    assert.equal(
      problems[1]?.detail,
      'The tag keyturn:consumer:ci of the secret prod/app has no target of the form ' +
        'owner/repo[/environment]:NAME: write it like github:acme/billing:DEPLOY_TOKEN.',
    );
    assert.deepEqual(consumers, [
      { name: 'Billing CI', kind: 'ack', target: 'ecs:prod/api', unreadable: true },
      { name: 'ci', kind: 'ack', target: 'github:acme', unreadable: true },
      { name: 'ok', kind: 'ack', target: 'team' },
    ]);
  });

  it('that are misspelt declare a consumer too', () => {
    for (const key of ['keyturn:consumers:ci', 'Keyturn:Consumer:ci', 'keyturn:consmer:ci'])
      assert.deepEqual(registrationOf(new Map([...NAMED, [key, 'ecs:prod/api']]), 'prod/app').consumers, [
        { name: key, kind: 'ack', target: 'ecs:prod/api', unreadable: true },
      ]);
  });

  it('leave room for the others, and none of too many is left out', () => {
    const many = Array.from({ length: MOST_CONSUMERS + 1 }, (_, index): [string, string] => [
      `${CONSUMER_TAG}c${index}`,
      'ack:team',
    ]);
    const { consumers, problems } = registrationOf(new Map([...NAMED, ...many]), 'prod/app');
    assert.match(problems?.[0]?.detail ?? '', /has 21 tags keyturn:consumer:…: keep 20 at most/);
    assert.equal(consumers.length, 21);
  });
});

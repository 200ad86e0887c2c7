import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CONSUMER_KINDS,
  CONSUMER_RULES,
  MOST_CONSUMERS,
  consumerText,
  exampleOf,
  isDelivered,
  parseConsumer,
  ruleOf,
} from '../../../functions/core/consumers/consumers.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { CONSUMER_TAG, TAGS, registrationOf, tagsOfConsumers } from '../../../functions/core/policy/tags.ts';

const NAMED: [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'team'],
];
/** AWS General Reference, "Tag naming and usage conventions". */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function sentence(name: string, text: string): string {
  try {
    parseConsumer(name, text);
  } catch (error) {
    assert.ok(error instanceof KeyturnError && error.code === 'bad-request', String(error));
    return error.message;
  }
  return assert.fail(`accepted ${text}`);
}

describe('consumers', () => {
  it('are read in the form of their kind, and written in it again, as tags can hold it', () => {
    for (const kind of CONSUMER_KINDS.options) {
      const consumer = parseConsumer('billing-ci', exampleOf(kind));
      assert.deepEqual(consumer, { name: 'billing-ci', kind, target: ruleOf(kind).example });
      assert.equal(consumerText(consumer), exampleOf(kind));
      assert.match(exampleOf(kind), TAG_VALUE);
    }
  });

  it('are refused with one sentence that says what to write', () => {
    const cases: [string, string, RegExp][] = [
      ['Billing CI', 'ecs:prod/api', /^names the consumer "Billing CI": write at most 40 small letters/],
      ['', 'ecs:prod/api', /^names the consumer ""/],
      ['ci', 'jenkins:job', /^has no kind before its first colon: write one of ecs, lambda, /],
      ['ci', 'ecs', /^has no target of the form cluster\/service: write it like ecs:prod\/billing-api\.$/],
      ['ci', 'ecs:prod', /cluster\/service/],
      [
        'ci',
        'github:acme/billing',
        /^has no target of the form owner\/repo\[\/environment\]:NAME: write it like github:acme\/billing:DEPLOY_TOKEN\.$/,
      ],
      ['ci', 'github:acme/../admin:TOKEN', /owner\/repo/],
      ['ci', 'gitlab-variable:acme/billing:KEY', /projects\/number:KEY/],
      ['ci', 'kubernetes:prod/billing/secret', /cluster\/namespace\/secret\/key/],
      ['ci', 'kubernetes:prod/../secret/key', /cluster\/namespace\/secret\/key/],
      ['ci', 'lambda:arn:aws:lambda:eu-west-1:1:function:x', /of the form function/],
      ['ci', 'webhook:https://evil.example/', /of the form name/],
    ];
    for (const [name, text, expected] of cases) assert.match(sentence(name, text), expected);
  });

  it('may be put into a path as they are: no target climbs out of it', () => {
    for (const kind of CONSUMER_KINDS.options.filter((one) => one !== 'ack'))
      for (const part of ['..', '.', '../x', 'a/..', 'a/../b', '%2e%2e'])
        assert.notEqual(sentence('ci', `${kind}:${part}`), '');
  });

  it('that Keyturn brings nothing to show their move by themselves', () => {
    assert.deepEqual(
      CONSUMER_KINDS.options.filter((kind) => !isDelivered(kind)),
      ['role', 'ack', 'service'],
    );
    for (const kind of CONSUMER_KINDS.options)
      if (!isDelivered(kind)) assert.equal(CONSUMER_RULES[kind].moves, false);
  });
});

describe('tags of consumers', () => {
  it('declare them by name, in one order', () => {
    const consumers = [parseConsumer('api', 'ecs:prod/api'), parseConsumer('ci', 'github:acme/x:TOKEN')];
    const tags = new Map([...NAMED, ...tagsOfConsumers(consumers).toReversed()]);
    assert.deepEqual(registrationOf(tags, 'prod/app').consumers, consumers);
  });

  it('that cannot be read are told of by name, and declare somebody who has not moved', () => {
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
      'The tag keyturn:consumer:ci of the secret prod/app has no target of the form owner/repo[/environment]:NAME: write it like github:acme/billing:DEPLOY_TOKEN.',
    );
    assert.deepEqual(consumers, [
      { name: 'Billing CI', kind: 'ack', target: 'ecs:prod/api', unreadable: true },
      { name: 'ci', kind: 'ack', target: 'github:acme', unreadable: true },
      { name: 'ok', kind: 'ack', target: 'team' },
    ]);
  });

  it('that are misspelt declare somebody too', () => {
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

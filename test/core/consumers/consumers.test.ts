import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONSUMER_KINDS, exampleOf, ruleOf } from '../../../functions/core/consumers/consumer-kinds.ts';
import { consumerText, parseConsumer } from '../../../functions/core/consumers/consumers.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';

/** AWS General Reference, "Tag naming and usage conventions". */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const GITHUB_FORM = new RegExp(
  String.raw`^has no target of the form owner/repo\[/environment\]:NAME: ` +
    String.raw`write it like github:acme/billing:DEPLOY_TOKEN\.$`,
);

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

  it('are rejected with one sentence that says what to write', () => {
    const cases: [string, string, RegExp][] = [
      ['Billing CI', 'ecs:prod/api', /^names the consumer "Billing CI": write at most 40 small letters/],
      ['', 'ecs:prod/api', /^names the consumer ""/],
      ['ci', 'jenkins:job', /^has no kind before its first colon: write one of ecs, lambda, /],
      ['ci', 'ecs', /^has no target of the form cluster\/service: write it like ecs:prod\/billing-api\.$/],
      ['ci', 'ecs:prod', /cluster\/service/],
      ['ci', 'github:acme/billing', GITHUB_FORM],
      ['ci', 'github:acme/../admin:TOKEN', /owner\/repo/],
      ['ci', 'gitlab-variable:acme/billing:KEY', /projects\/number:KEY/],
      ['ci', 'kubernetes:prod/billing/secret', /cluster\/namespace\/secret\/key/],
      ['ci', 'kubernetes:prod/../secret/key', /cluster\/namespace\/secret\/key/],
      ['ci', 'lambda:arn:aws:lambda:eu-west-1:1:function:x', /of the form function/],
      ['ci', 'webhook:https://evil.example/', /of the form name/],
    ];
    for (const [name, text, expected] of cases) assert.match(sentence(name, text), expected);
  });
});

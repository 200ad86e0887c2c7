import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  IssuerLimits,
  QueueUrls,
  issuerLimitsText,
  queueUrlsText,
} from '../../functions/handlers/issuers.env.ts';

const SIXTY = Array.from({ length: 60 }, (_, index) => `some-issuer-${index}`);
const PATTERN = 'https://sqs.ap-northeast-1.amazonaws.com.cn/111122223333/keyturn-a-long-name-1234-worker-*';

describe('the worker queues in an environment', () => {
  it('are one URL and the ids, and come out as one for each', () => {
    const text = queueUrlsText('https://sqs.example/1/keyturn-main-worker-*', ['gitlab', 'npm-registry']);
    assert.equal(text, 'https://sqs.example/1/keyturn-main-worker-* gitlab,npm-registry');
    assert.deepEqual(QueueUrls.parse(text), {
      gitlab: 'https://sqs.example/1/keyturn-main-worker-gitlab',
      'npm-registry': 'https://sqs.example/1/keyturn-main-worker-npm-registry',
    });
  });

  it('are refused where they are not so written', () => {
    for (const text of [
      '',
      '{}',
      'gitlab',
      'https://sqs.example/1/x gitlab',
      'https://sqs.example/*',
      'x* okta',
    ])
      assert.equal(QueueUrls.safeParse(text).success, false, text);
    for (const ids of ['', ',', 'okta,', 'Okta', 'okta gitlab', '../okta', 'okta/1'])
      assert.equal(QueueUrls.safeParse(`https://sqs.example/* ${ids}`).success, false, ids);
  });
});

describe('what issuers bear, in an environment', () => {
  it('is two numbers for each', () => {
    const limits = {
      gitlab: { maxConcurrentRotations: 20, inspectionsPerMinute: 120 },
      okta: { maxConcurrentRotations: 10, inspectionsPerMinute: 60 },
    };
    assert.equal(issuerLimitsText(limits), 'gitlab=20/120,okta=10/60');
    assert.deepEqual(IssuerLimits.parse(issuerLimitsText(limits)), limits);
  });

  it('is refused where it is not so written', () => {
    for (const text of [
      '',
      '{}',
      'gitlab',
      'gitlab=20',
      'gitlab=0/120',
      'gitlab=20/0',
      'gitlab=2.5/1',
      '=1/1',
    ])
      assert.equal(IssuerLimits.safeParse(text).success, false, text);
  });
});

describe('sixty issuers', () => {
  it('leave more than a third of what Lambda takes to everything else', () => {
    const limits = Object.fromEntries(
      SIXTY.map((id) => [id, { maxConcurrentRotations: 1000, inspectionsPerMinute: 3000 }]),
    );
    const bytes = queueUrlsText(PATTERN, SIXTY).length + issuerLimitsText(limits).length;
    assert.ok(bytes < 2_600, String(bytes));
    assert.equal(Object.keys(QueueUrls.parse(queueUrlsText(PATTERN, SIXTY))).length, 60);
  });
});

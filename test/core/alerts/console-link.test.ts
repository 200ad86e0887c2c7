import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretLink } from '../../../functions/core/alerts/console-link.ts';

test('the console of a Region is in the domain of its partition', () => {
  for (const [region, link] of [
    ['eu-central-1', 'https://eu-central-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fa%2Bb'],
    ['cn-northwest-1', 'https://cn-northwest-1.console.amazonaws.cn/secretsmanager/secret?name=prod%2Fa%2Bb'],
    [
      'us-gov-east-1',
      'https://us-gov-east-1.console.amazonaws-us-gov.com/secretsmanager/secret?name=prod%2Fa%2Bb',
    ],
  ] as const)
    assert.equal(secretLink('prod/a+b', region), link);
});

test('a partition whose console is not known here has no link', () => {
  for (const region of ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1', ''])
    assert.equal(secretLink('prod/a', region), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotationFunctionOf } from '../../../functions/core/basics/names.ts';
import { namesOf } from '../../../functions/core/basics/resource-names.ts';

test('everything of an installation is named after it, and nothing of another one', () => {
  const texts = (installation: string): string[] =>
    Object.values(namesOf(installation)).map((name: unknown) =>
      typeof name === 'function' ? String(name('gitlab')) : String(name),
    );
  for (const name of texts('main')) assert.match(name, /^(\/aws\/lambda\/)?keyturn-main(-|$)/);
  assert.deepEqual(
    texts('main').filter((name) => texts('other').includes(name)),
    [],
  );
});

test('secrets point at the rotation function by the name that it has', () =>
  assert.equal(namesOf('main').rotate('gitlab'), rotationFunctionOf('main', 'gitlab')));

test('names that people type do not change', () => {
  const names = namesOf('main');
  assert.deepEqual(
    [names.table, names.alertTopic, names.requests, names.worker('okta')],
    ['keyturn-main', 'keyturn-main-alerts', 'keyturn-main-requests', 'keyturn-main-worker-okta'],
  );
});

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { brokenSince, latestRelease } from '../../lib/docs/interface/compare.ts';
import { interfaceList } from '../../lib/docs/interface/list.ts';
import { ALL_SETTINGS, synthesised } from '../infra/synth.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const List = z.record(z.string(), z.record(z.string(), z.string()));
const NOW = interfaceList();

describe('what others rely on', () => {
  const release = latestRelease(readdirSync(DOCS));

  test('is as it was at the last release, additions apart', () => {
    assert.ok(release !== undefined, 'docs/ has no list of a release');
    const before = List.parse(JSON.parse(readFileSync(join(DOCS, release), 'utf8')));
    assert.deepEqual(
      brokenSince(before, NOW),
      [],
      `${release} promises what is not so any more: bring it back, or release a version that says so ` +
        'in CHANGELOG.md',
    );
  });

  test('has entries in every part', () => {
    for (const [part, entries] of Object.entries(NOW)) assert.ok(Object.keys(entries).length > 2, part);
  });

  test('lists every function, queue, topic, table and bus that a deployment with every setting has', () => {
    const synth = synthesised(ALL_SETTINGS);
    const named = [
      ['AWS::Lambda::Function', 'FunctionName'],
      ['AWS::SQS::Queue', 'QueueName'],
      ['AWS::SNS::Topic', 'TopicName'],
      ['AWS::DynamoDB::GlobalTable', 'TableName'],
      ['AWS::Events::EventBus', 'Name'],
    ] as const;
    const names = named.flatMap(([type, member]) =>
      synth.of(type).map(([, { Properties }]) => synth.text(Properties[member])),
    );
    assert.ok(names.length > 40, String(names.length));
    assert.deepEqual(
      names.filter((name) => NOW['physical names']?.[name] === undefined),
      [],
    );
  });

  test('has what holds state under the ids that it has with the settings left alone', () => {
    const synth = synthesised();
    const stateful = [
      'AWS::DynamoDB::GlobalTable',
      'AWS::KMS::Key',
      'AWS::Events::EventBus',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
      'AWS::Logs::LogGroup',
    ];
    const ids = stateful.flatMap((type) => synth.of(type).map(([id]) => [id, type]));
    assert.ok(ids.length > 20);
    assert.deepEqual(
      ids.filter(([id = '', type]) => NOW['stateful resources, by logical id']?.[id] !== type),
      [],
    );
  });

  test('names tags, findings, states of credentials and exit codes', () => {
    assert.equal(NOW['tags of secrets']?.['keyturn:owner'], 'owner');
    assert.equal(NOW['findings']?.['rotation-failed'], 'runbook-rotation-failed');
    assert.equal(NOW['events']?.['Keyturn Finding Changed'], 'from keyturn');
    assert.equal(NOW['exit codes']?.['usage'], '2');
    assert.ok(
      Object.keys(NOW['record of a token'] ?? {}).some((member) => member.endsWith('.state = current')),
    );
  });
});

describe('a list of a release against one of now', () => {
  const before = { tags: { owner: 'owner', after: 'after' }, exits: { ok: '0' } };

  test('is kept when nothing changed, and when something was added', () => {
    assert.deepEqual(brokenSince(before, before), []);
    assert.deepEqual(
      brokenSince(before, { ...before, tags: { ...before.tags, purpose: 'purpose' }, more: { one: '1' } }),
      [],
    );
  });

  test('is broken by an entry that is gone, and by one that means something else', () => {
    assert.deepEqual(brokenSince(before, { tags: { owner: 'who' }, exits: { ok: '0' } }), [
      'tags: "owner" was "owner" and is "who"',
      'tags: "after" is gone',
    ]);
  });

  test('is broken by a part that is gone', () => {
    assert.deepEqual(brokenSince(before, { tags: before.tags }), ['exits: "ok" is gone']);
  });
});

describe('the latest release', () => {
  test('is found by the numbers of its version', () => {
    assert.equal(
      latestRelease([
        'interface.0.9.0.json',
        'interface.0.10.0.json',
        'interface.json',
        'guide.md',
        'interface.0.10.0.json.bak',
      ]),
      'interface.0.10.0.json',
    );
    assert.equal(latestRelease(['interface.1.0.0.json', 'interface.0.99.99.json']), 'interface.1.0.0.json');
  });

  test('is none before the first', () => {
    assert.equal(latestRelease(['interface.json']), undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';
import type { ApplyJson, ManifestJson } from '../../lib/cli/json/manifest.ts';

const GOOD =
  'version: 1\ntokens:\n  - { secret: prod/x, issuer: gitlab, owner: a }\n  - { secret: prod/y, ' +
  'issuer: okta, owner: team_of_b }\n';
const BAD = 'version: 1\ntokens:\n  - { secret: prod/x, issuer: gitlub, owner: a }\n';

/** SARIF 2.1.0, as far as a code scanner needs it. */
const Sarif = z.object({
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.literal('keyturn'),
          version: z.string(),
          rules: z.array(z.object({ id: z.string() })),
        }),
      }),
      results: z.array(
        z.object({
          ruleId: z.string(),
          level: z.enum(['error', 'warning', 'note']),
          message: z.object({ text: z.string() }),
          locations: z.tuple([
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string() }),
                region: z.object({ startLine: z.number(), startColumn: z.number() }),
              }),
            }),
          ]),
        }),
      ),
    }),
  ]),
});

function withFile(text: string): Bench {
  const it = bench();
  it.files.set('t.yaml', text);
  return it;
}

describe('keyturn validate', () => {
  it('says that a file is valid, connected to nothing', async () => {
    const it = withFile(GOOD);
    assert.deepEqual(await it.keyturn('validate', 't.yaml'), {
      exit: 0,
      out: 't.yaml is valid: 2 tokens.\n',
      err: '',
    });
    assert.deepEqual(it.choices, []);
  });

  it('names line, field and correction of a fault, in every format', async () => {
    const plain = await withFile(BAD).keyturn('validate', 't.yaml');
    assert.equal(plain.exit, 2);
    assert.match(plain.err, /^t\.yaml:3:\d+: tokens\[0\]\.issuer .*did you mean git(hub|lab)\?\)\.\n$/);
    const json: ManifestJson = JSON.parse(
      (await withFile(BAD).keyturn('validate', 't.yaml', '--format', 'json')).out,
    );
    assert.deepEqual(
      json.faults.map(({ line, field }) => [line, field]),
      [[3, 'tokens[0].issuer']],
    );
    const { runs } = Sarif.parse(
      JSON.parse((await withFile(BAD).keyturn('validate', 't.yaml', '--format=sarif')).out),
    );
    assert.deepEqual(
      runs[0].results.map(({ ruleId, level, locations }) => [
        ruleId,
        level,
        locations[0].physicalLocation.region.startLine,
      ]),
      [['manifest-invalid', 'error', 3]],
    );
    assert.match(
      (await withFile(BAD).keyturn('validate', 't.yaml', '--format', 'markdown')).out,
      /^\*\*t\.yaml is invalid\.\*\*\n\n\| Line .*\n.*\n\| 3:\d+ \| tokens&#91;0&#93;\.issuer /,
    );
  });

  it('knows its formats', async () => {
    assert.match(
      (await withFile(GOOD).keyturn('validate', 't.yaml', '--format', 'sarf')).err,
      /^There is no format "sarf"\. Did you mean sarif\?\n$/,
    );
    assert.equal((await withFile(GOOD).keyturn('validate', 't.yaml', '--json', '--format', 'sarif')).exit, 2);
    assert.equal((await withFile(GOOD).keyturn('validate', 'other.yaml')).exit, 2);
  });
});

describe('keyturn plan', () => {
  it('ends with 5 where there is something to change and --exit-code asks', async () => {
    assert.equal((await withFile(GOOD).keyturn('plan', 't.yaml')).exit, 0);
    assert.equal((await withFile(GOOD).keyturn('plan', 't.yaml', '--exit-code')).exit, 5);
  });

  it('says each change once in SARIF, and makes no markup of what a file says', async () => {
    const { runs } = Sarif.parse(
      JSON.parse((await withFile(GOOD).keyturn('plan', 't.yaml', '--format', 'sarif')).out),
    );
    assert.deepEqual(
      runs[0].results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['plan-change', 'note'],
        ['plan-change', 'note'],
      ],
    );
    const { out } = await withFile(GOOD).keyturn('plan', 't.yaml', '--format', 'markdown');
    assert.match(out, /^\*\*2 in t\.yaml, 2 to change\.\*\*$/m);
    assert.match(out, /^\| prod\/y \| create \| .*team&#95;of&#95;b/m);
  });
});

describe('keyturn apply --wait', () => {
  const TOKEN = aToken({ name: 'prod/x' });

  function applying(unusable?: string): Bench {
    const it = withFile('version: 1\ntokens:\n  - { secret: prod/x, issuer: gitlab, owner: a }\n');
    it.secrets = { ...it.secrets, arnOf: async () => TOKEN.secretArn };
    let looks = 0;
    it.meanwhile = async () =>
      void (++looks === 2 && (await it.put({ ...TOKEN, unusable, inspectedAt: T0 + MINUTE })));
    return it;
  }

  it('ends when every token was inspected', async () => {
    const { exit, out } = await applying().keyturn('apply', 't.yaml', '--yes', '--wait');
    assert.equal(exit, 0);
    assert.match(out, /^prod\/x: Keyturn manages it\.$/m);
  });

  it('fails with the reason where a token cannot be rotated, or is not inspected in time', async () => {
    const bad = await applying('The secret has no grant.').keyturn(
      'apply',
      't.yaml',
      '--yes',
      '--wait',
      '--json',
    );
    const view: ApplyJson = JSON.parse(bad.out);
    assert.deepEqual(
      [bad.exit, view.inspected],
      [1, [{ secret: 'prod/x', usable: false, problem: 'The secret has no grant.' }]],
    );
    const it = applying();
    it.meanwhile = async () => undefined;
    const late = await it.keyturn('apply', 't.yaml', '--yes', '--wait', '--timeout', '4s');
    assert.equal(late.exit, 1);
    assert.match(late.out, /^prod\/x: Keyturn was asked to inspect it and has not in time\./m);
  });
});

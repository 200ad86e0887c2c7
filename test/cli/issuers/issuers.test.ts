import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { CHECK_RULES } from '../../../functions/core/validity/check-rules.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { fillersText, lagText, meaningOf, slotsText } from '../../../lib/cli/issuers/fact-words.ts';
import { proofRows } from '../../../lib/cli/issuers/proof-words.ts';
import { issuerPage } from '../../../lib/docs/issuer-page.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { slotsOf } from '../../fakes/facts.ts';
import { bench, type Run } from '../harness.ts';

const PROGRAM = new URL('../../../lib/cli/keyturn.cjs', import.meta.url).pathname;

/** The words of a text, whatever lies between them: marks of Markdown, indents, breaks of lines. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll(/\(docs\/[^)]+\)/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** What the page says from its first section on, without the words that mark code as JSON. */
function sectionsOfPage(page: string): string {
  return page.slice(page.indexOf('\n## ')).replace('```json', '').replaceAll('| --- | --- |', '');
}

/** Runs with nothing to connect to, and finds that nothing was connected to. */
async function alone(...argv: string[]): Promise<Run> {
  const desk = bench();
  desk.broken = new Error('no AWS credentials');
  const run = await desk.keyturn(...argv);
  assert.deepEqual(desk.choices, []);
  return run;
}

describe('keyturn issuer list', () => {
  it('has every issuer, and says where more stands', async () => {
    const { exit, out } = await alone('issuer', 'list');
    assert.equal(exit, 0);
    const lines = out.split('\n');
    for (const { id, title } of DESCRIPTORS)
      assert.ok(
        lines.some((line) => line.startsWith(`${id} `) && line.includes(title)),
        id,
      );
    assert.match(out, /`keyturn issuer show ID`/);
  });

  it('has them with --json too, with what they were verified against', async () => {
    const { out } = await alone('issuer', 'list', '--json');
    const { issuers } = z
      .object({ issuers: z.array(z.object({ id: z.string(), verified: z.string().nullable() })) })
      .parse(JSON.parse(out));
    assert.deepEqual(
      issuers.map(({ id, verified }) => [id, verified]),
      DESCRIPTORS.map(({ id, evidence }) => [id, evidence.verified ?? null]),
    );
  });
});

describe('keyturn issuer show', () => {
  for (const issuer of DESCRIPTORS)
    it(`says of ${issuer.id} what its page says`, async () => {
      const { exit, out } = await alone('issuer', 'show', issuer.id);
      assert.equal(exit, 0);
      const titles = new Set(['Fact', 'At this issuer', 'State', 'What counts']);
      const page = sectionsOfPage(issuerPage(issuer))
        .split('\n')
        .filter((line) => !titles.has(line.split('|')[1]?.trim() ?? ''))
        .join('\n');
      // Numbers of steps stand in both.
      assert.deepEqual(wordsOf(out.slice(out.indexOf('What it allows'))), wordsOf(page));
      assert.ok(out.startsWith(`${issuer.title} (${issuer.id})\n`));
      assert.ok(out.includes(issuer.docs));
      assert.ok(
        out
          .split('\n')
          .every((line) => line.length <= 100 || !line.trim().includes(' ') || line.includes('": "')),
      );
    });

  it('has the facts with --json: slots, lost creations, the check, lags and rights', async () => {
    const { exit, out } = await alone('issuer', 'show', 'okta', '--json');
    assert.equal(exit, 0);
    const view = JSON.parse(out);
    assert.deepEqual(view.slots, { count: 2, names: null, of: ['application'], filledBy: ['disabled'] });
    assert.deepEqual([view.value, view.found, view.check], ['keyturn', 'value', 'free']);
    assert.deepEqual(view.lags, { accepted: null, listed: null, refused: null, allowed: 60 });
    assert.equal(view.counts.revoked, CHECK_RULES.free.revoked.says);
    assert.equal(view.admin.secret, 'keyturn/admin/okta');
    assert.equal(view.admin.example.grants[0].secret, 'billing/okta');
    assert.ok(view.sources.length > 0);
  });

  it('is refused with the nearest ids for one that is not there, and for none', async () => {
    const wrong = await alone('issuer', 'show', 'gitlub');
    assert.deepEqual([wrong.exit, wrong.out], [2, '']);
    assert.equal(wrong.err, 'There is no issuer "gitlub". Did you mean github or gitlab?\n');
    assert.match((await alone('issuer', 'show', 'zzzz')).err, /"zzzz"\. `keyturn issuer list` prints/);
    const none = await alone('issuer', 'show');
    assert.deepEqual([none.exit, none.out], [2, '']);
    assert.match(none.err, /^Which issuer\?/);
  });

  it('is known to the help of its group and of its noun, and to completion with every id', async () => {
    const help = (await alone('help')).out;
    const operate = help.slice(help.indexOf('\nOperate\n'), help.indexOf('\nOptions of every command'));
    assert.match(operate, /^ {2}issuer list +List/m);
    assert.match(operate, /^ {2}issuer show +Show/m);
    assert.match((await alone('help', 'issuer')).out, /keyturn issuer show ID/);
    assert.match((await alone('issuer', 'shwo')).err, /Did you mean show\?/);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { out } = await alone('completion', shell);
      for (const { id } of DESCRIPTORS) assert.ok(out.includes(id), `${shell} ${id}`);
    }
  });

  it('works in a process that has no AWS credentials, no Region and no home', () => {
    for (const argv of [
      ['issuer', 'list'],
      ['issuer', 'show', 'gitlab'],
    ]) {
      const env = { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };
      const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], { encoding: 'utf8', env });
      assert.deepEqual([status, stderr], [0, '']);
    }
  });
});

describe('facts in words', () => {
  it('slots', () => {
    assert.equal(slotsText(slotsOf(2)), '2 for an account');
    assert.equal(slotsText({ count: 'many', of: ['project', 'group'] }), 'many for a project or a group');
    assert.equal(
      slotsText({ count: 'unknown', of: ['organization'] }),
      'a limited number for an organization',
    );
    assert.equal(
      slotsText({ names: ['primary', 'secondary'], of: ['account'] }),
      '2 (primary, secondary) for an account',
    );
  });

  it('what takes them, where it is known', () => {
    assert.equal(fillersText(slotsOf(2, ['expired', 'disabled'])), 'expired ones and disabled ones');
    assert.equal(fillersText(slotsOf(2)), 'nothing');
    assert.equal(fillersText({ count: 2, of: ['user'] }), 'not documented');
    assert.equal(fillersText({ count: 'many', of: ['user'] }), 'it names no limit');
  });

  it('what they mean for consumers', () => {
    assert.match(meaningOf(slotsOf(1)), /a new one ends the old one/);
    assert.match(meaningOf(slotsOf(2)), /side by side.*room for 2, so the next rotation waits/);
    assert.match(meaningOf({ count: 'many', of: ['user'] }), /side by side.*at most\.$/);
    const inTurn = meaningOf({ names: ['a', 'b'], of: ['grant'] });
    assert.match(inTurn, /AWS calls alternating users.*another name with each new value.*side by side/);
    assert.doesNotMatch(meaningOf(slotsOf(2)), /alternating/);
  });

  it('lags, and that they are not documented', () => {
    assert.equal(lagText(0, undefined), 'at once');
    assert.equal(lagText(MINUTE, 5 * MINUTE), 'within 1m');
    assert.equal(lagText(undefined, MINUTE), 'not documented; Keyturn allows for 1m');
    assert.equal(lagText(undefined, undefined), 'not documented');
  });

  it('what counts as tested, active and revoked, for each kind of check', () => {
    for (const check of ['free', 'counts-as-use', 'spends', 'none'] as const)
      assert.deepEqual(
        proofRows({ check, found: 'name' }).map(([, says]) => says),
        Object.values(CHECK_RULES[check]).map(({ says }) => says),
      );
  });

  it('says what proves a revocation without a list, and after the credential was disabled', () => {
    const says = (facts: Partial<Parameters<typeof proofRows>[0]>): string =>
      proofRows({ check: 'free', found: 'name', ...facts })
        .flat()
        .join(' ');
    assert.match(says({}), /lists that leave it out/);
    assert.doesNotMatch(says({ found: 'never' }), /lists that leave it out/);
    assert.match(says({ found: 'reissue' }), /creation of the next value ended it/);
    assert.match(says({ found: 'reissue', unlisted: true }), /accepted the revoke, .* no list/);
    assert.match(says({ disables: true }), /its list leaves the credential out/);
  });
});

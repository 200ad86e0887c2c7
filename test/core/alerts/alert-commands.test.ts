import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { commandsFor } from '../../../functions/core/alerts/alert-commands.ts';
import { chatOf } from '../../../functions/core/alerts/chat.ts';
import { findingWords } from '../../../functions/core/alerts/messages.ts';
import { pagerEvent } from '../../../functions/core/alerts/page-event.ts';
import { ENDINGS } from '../../../functions/core/assessment/endings.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { FINDING_KINDS, type FindingKind } from '../../../functions/core/findings/findings.ts';
import { checked, type Arguments } from '../../../lib/cli/command-line/arguments.ts';
import { COMMON_OPTIONS } from '../../../lib/cli/command-line/common-options.ts';
import { findCommand } from '../../../lib/cli/command-line/finding-command.ts';
import { CONTEXT } from '../../fakes/steps.ts';
import { aFinding } from '../../fakes/tokens.ts';
import { bench } from '../../cli/harness.ts';
import { healthy } from '../../cli/tokens.ts';

/** The words that a real shell makes of a command line. */
function wordsOf(line: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** The commands of an alert, by channel, as their readers would copy them. */
function pasted(fact: FindingFact): Record<'mail' | 'chat' | 'page', string[]> {
  const mail = findingWords(fact, CONTEXT).text;
  const chat = chatOf(fact, CONTEXT).content.description ?? '';
  const page = JSON.parse(JSON.stringify(pagerEvent(fact, CONTEXT))).payload?.custom_details ?? {};
  return {
    mail: [...mail.matchAll(/^(?:Look first:|Then:|If normal:) +(.*)$/gm)].map(([, line = '']) => line),
    chat: [...chat.matchAll(/^\*(?:Look first|Then|If normal):\* `(.*)`$/gm)].map(([, line = '']) => line),
    page: ['look first', 'then run', 'if normal'].flatMap((name) =>
      name in page ? [String(page[name])] : [],
    ),
  };
}

async function parsed(line: string): Promise<{ name: string; args: Arguments }> {
  const [npx, no, keyturn, ...words] = wordsOf(line);
  assert.deepEqual([npx, no, keyturn], ['npx', '--no', 'keyturn']);
  const found = await findCommand(words);
  assert.ok(found, line);
  const { command } = found;
  const args = checked(found.parsed, { ...COMMON_OPTIONS, ...command.options }, command.name);
  assert.ok(args.positionals.length <= command.takes, line);
  assert.deepEqual([args.value('installation'), args.value('region')], ['main', 'eu-west-1'], line);
  return { name: command.name, args };
}

/** Findings of the installation itself, whose commands name no token. */
const OWN = new Set<FindingKind>([
  'admin-credential-expiring',
  'admin-credential-unusable',
  'admin-credential-leaked',
  'alert-subscription-unhealthy',
  'cloudtrail-events-missing',
  'test-alert-sent',
  'secret-unregistered',
  'credential-unrecognized',
  'review-due',
  'kms-key-unusable',
]);

/** What stands in the table where an alert has a name. */
const PLACEHOLDER = /\b(TOKEN|CREDENTIAL|CONSUMER|SUBJECT|REGION|ROTATION|ADMIN|KEY|TRAIL|TEXT)\b/;
/** Kinds whose command an alert cannot complete: it shows only where to look. */
const WITHOUT_END = new Set<FindingKind>(['cloudtrail-events-missing', 'rotation-stuck']);

describe('the commands of an alert', () => {
  for (const kind of FINDING_KINDS.options)
    it(`can be pasted as they are, with whole names: ${kind}`, async () => {
      const own = OWN.has(kind) && { tokenId: 'installation', name: 'Keyturn main' };
      const fact = aFinding({ kind, subject: 'gitlab/42', ...own });
      const { mail, chat, page } = pasted(fact);
      assert.equal(mail.length, WITHOUT_END.has(kind) ? 1 : 2, kind);
      assert.deepEqual([chat, page], [mail, mail]);
      for (const line of mail) assert.doesNotMatch(line, PLACEHOLDER);
      const [look = '', end] = mail;
      const shown = await parsed(look);
      assert.deepEqual([shown.name, shown.args.positionals], ['show', [own ? 'installation' : fact.name]]);
      if (end === undefined || end.startsWith('aws ')) return;
      const ended = await parsed(end);
      const wanted = ENDINGS[kind].command.replace('keyturn ', '');
      assert.ok(wanted.startsWith(ended.name), end);
      assert.equal(ended.args.positionals.includes(fact.name), / TOKEN/.test(wanted));
    });

  it('of AWS name the secret or the key, and the Region', () => {
    const admin = { tokenId: 'installation', name: 'Keyturn main' };
    const ofAws = (kind: FindingKind, subject: string) =>
      commandsFor(aFinding({ kind, subject, ...admin }), CONTEXT.installation).end;
    assert.equal(
      ofAws('admin-credential-leaked', 'keyturn/admin/gitlab/0f3a'),
      'aws secretsmanager put-secret-value --secret-id keyturn/admin/gitlab --secret-string ' +
        'file://admin.json --region eu-west-1',
    );
    assert.equal(
      ofAws('kms-key-unusable', 'arn:aws:kms:eu-west-1:111122223333:key/1'),
      'aws kms enable-key --key-id arn:aws:kms:eu-west-1:111122223333:key/1 --region eu-west-1',
    );
  });

  it('are left out where a name of them is not known: a printed command is always the right one', () => {
    for (const kind of [
      'previous-credential-in-use',
      'delivery-failed',
      'admin-credential-expiring',
    ] as const)
      assert.equal(commandsFor(aFinding({ kind, subject: '' }), CONTEXT.installation).end, undefined);
    const option = commandsFor(aFinding({ kind: 'version-kept', subject: '--all' }), CONTEXT.installation);
    assert.match(
      option.end ?? '',
      / -- revoke prod\/billing\/ci --all$/,
      'an id is never taken for an option',
    );
    const own = aFinding({ kind: 'bulk-read', subject: 'role/x', tokenId: 'installation' });
    assert.equal(commandsFor(own, CONTEXT.installation).end, undefined);
  });

  it('reach the CLI with the very names, whatever a shell makes of their characters', async () => {
    const name = fc.stringMatching(/^[\w/+=.@-]{1,40}$/);
    const subject = fc.oneof(
      fc.constantFrom("it's", '$(id)', '-x', '--yes', '`id`', '<b>', 'a b', '*'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(name, subject, async (token, about) => {
        fc.pre(about.trim() !== '');
        const fact = aFinding({ kind: 'reader-unrecognized', name: token, subject: about });
        for (const line of Object.values(pasted(fact)).flat()) {
          const { name: command, args } = await parsed(line);
          assert.deepEqual(args.positionals, command === 'show' ? [token] : [token, about]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('show what they name', async () => {
    const it = bench();
    await it.put(healthy('-odd=name'));
    const { mail } = pasted(aFinding({ name: '-odd=name' }));
    const { exit, out } = await it.keyturn(...wordsOf(mail[0] ?? '').slice(3));
    assert.equal(exit, 0);
    assert.match(out, /-odd=name/);
  });
});

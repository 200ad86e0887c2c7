import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { accessWith, portsOver } from '../../../lib/cli/aws/world.ts';
import type { AlertsTestJson } from '../../../lib/cli/json/operations.ts';
import type { Sandbox } from '../../../lib/sandbox/index.ts';
import { bench } from '../../cli/harness.ts';

/**
 * An operator tests alerts by the command, with the rights of the policy as it is deployed: mail and pager
 * get it, and its end.
 */
export async function alertsAreTested(sandbox: Sandbox): Promise<void> {
  const [mails, pages] = [sandbox.mails.length, sandbox.pages.length];
  const { endpoint, region, credentials } = sandbox.operate();
  const person = bench();
  person.ports = portsOver(
    accessWith({ endpoint, region, credentials, maxAttempts: 1 }, 'main'),
    'main',
    async () => sandbox.clock.now(),
  );
  person.meanwhile = () => sandbox.advance(MINUTE);
  const { exit, out, err } = await person.keyturn('alerts', 'test', '--yes', '--timeout', '30s', '--json');
  const { outcome, channels }: AlertsTestJson = JSON.parse(out);
  assert.deepEqual([exit, outcome], [0, 'done'], err);
  assert.deepEqual(channels.map(({ protocol, state }) => `${protocol} ${state}`).toSorted(), [
    'email published',
    'sqs accepted',
  ]);
  const [mail] = sandbox.mails.slice(mails);
  assert.match(mail?.subject ?? '', /^\[critical\] .*TEST of alerts$/);
  assert.match(
    readFileSync(mail?.file ?? '', 'utf8'),
    /TEST: you asked for this alert at .* Nothing is wrong/,
  );
  await sandbox.advance(2 * HOUR);
  assert.deepEqual(
    sandbox.pages.slice(pages).map(({ action }) => action),
    ['trigger', 'resolve'],
  );
  assert.match(sandbox.mails.at(-1)?.subject ?? '', /^\[resolved\] .*TEST of alerts$/);
}

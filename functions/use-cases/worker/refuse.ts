import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { telling } from '../../core/token/telling.ts';
import { inspect } from '../inspection/inspect.ts';
import { change } from '../inventory/store.ts';
import { explain } from '../rotation/enroll.ts';

/**
 * What will not pass by itself becomes a finding, or the answer to the person who asked; repeating the
 * command would not help.
 */
export async function refuse(command: Command, why: KeyturnError, by: string, ports: Ports): Promise<void> {
  ports.log.warn(why.message, { kind: command.kind, tokenId: command.tokenId, code: why.code });
  const record = await ports.inventory.load(command.tokenId);
  if (isFromPerson(command)) {
    if (record)
      await change(record, ports, (token) =>
        telling(token, {
          what: 'refused',
          about: `${command.kind}/${ports.now()}`,
          detail: why.message,
          by,
          at: ports.now(),
        }),
      );
    return;
  }
  const secretArn = command.kind === 'inspect' ? command.secretArn : record?.token.secretArn;
  if (secretArn === undefined) return;
  if (why.code === 'not-found') return void (await inspect(secretArn, by, ports));
  await explain(await ports.secrets.describe(secretArn), why, ports);
  if (command.kind === 'inspect')
    await change(tokenIdOf(secretArn), ports, (token) => ({ ...token, inspectedAt: ports.now() }));
}

function isFromPerson(command: Command): boolean {
  return !(
    command.kind === 'inspect' ||
    command.kind === 'examine' ||
    command.kind === 'settle' ||
    command.kind === 'retire' ||
    command.kind === 'withdraw'
  );
}

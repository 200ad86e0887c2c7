import { confirm } from './confirm.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { suggestion } from './nearest.ts';
import type { DeadQueue } from './queues.ts';

export const redrive: CliCommand = {
  name: 'redrive',
  effect: 'changes',
  summary: 'Move back what queues gave up: alerts, pages and requests that were not delivered',
  usage: 'keyturn redrive [--queue NAME] [--dry-run] [--yes] [--json]',
  examples: [
    ['keyturn redrive --dry-run', 'what waits in which dead-letter queue'],
    ['keyturn redrive --queue alert', 'only what the alert function gave up'],
  ],
  options: {
    queue: { type: 'string', hint: 'NAME', summary: 'only this queue, such as alert, pager or act-gitlab' },
    'dry-run': { type: 'boolean', summary: 'say what waits and move nothing' },
    yes: { type: 'boolean', short: 'y', summary: 'do not ask' },
    json: { type: 'boolean', summary: 'print one object' },
  },
  takes: 0,
  run,
};

/** What `redrive` prints with `--json`. */
export interface RedriveView {
  readonly queues: readonly { readonly name: string; readonly messages: number; readonly moved: boolean }[];
}

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out, err } = context;
  const { installation, queues } = await context.ports();
  const waiting = (await chosen(await queues.list(), installation, args.value('queue'))).filter(({ messages }) => messages > 0);
  const isMove = waiting.length > 0 && !args.has('dry-run');
  for (const { name, messages } of waiting) err.line(`${name}: ${messages} message${messages === 1 ? '' : 's'}`);
  if (isMove) {
    await confirm('move', 'the word', context);
    for (const queue of waiting) await queues.moveBack(queue);
  }
  const view: RedriveView = { queues: waiting.map(({ name, messages }) => ({ name, messages, moved: isMove })) };
  if (args.has('json')) out.json(view);
  else out.line(sentence(waiting.length, isMove));
  return EXIT.ok;
}

function sentence(queues: number, isMove: boolean): string {
  if (queues === 0) return 'Nothing waits in a dead-letter queue.';
  return isMove ? 'It is being moved back. What was told already is not told twice; requests past their time are dropped.' : 'Nothing was moved.';
}

/** The queues that are meant. Errors: {@link CliError} with what there is. */
async function chosen(all: readonly DeadQueue[], installation: string, name: string | undefined): Promise<readonly DeadQueue[]> {
  if (name === undefined) return all;
  const short = (queue: DeadQueue): string => queue.name.replace(`keyturn-${installation}-`, '').replace(/-dead$/, '');
  const found = all.filter((queue) => queue.name === name || short(queue) === name);
  if (found.length > 0) return found;
  throw new CliError(EXIT.usage, `There is no queue "${name}".${suggestion(name, all.map(short)) || ` There are ${all.map(short).join(', ') || 'none'}.`}`);
}

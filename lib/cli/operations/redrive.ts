import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';
import { MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import type { DeadLetterQueue, DeadLetterQueues, Move } from '../aws/queues.ts';
import { counted } from '../output/counted.ts';
import type { RedriveJson } from '../json/operations.ts';

export const redrive: CliCommand = {
  name: 'redrive',
  group: 'Operate',
  effect: 'changes',
  summary: 'Move messages of dead-letter queues back to be worked on',
  usage: '[--queue NAME] [--dry-run]',
  examples: [
    ['keyturn redrive --dry-run', 'what waits in which dead-letter queue'],
    ['keyturn redrive --queue alert', 'only those of the alert function'],
  ],
  options: {
    queue: {
      type: 'string',
      hint: 'NAME',
      summary: 'only this queue, such as alert, pager or worker-gitlab',
    },
    'dry-run': { type: 'boolean', summary: 'say what waits and move nothing' },
  },
  takes: 0,
  run,
};

type Row = RedriveJson['queues'][number];

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out, err } = context;
  const { installation, queues } = await context.ports();
  const waiting = (await chosen(await queues.list(), installation, args.value('queue'))).filter(
    ({ messages }) => messages > 0,
  );
  const isMove = waiting.some(({ backTo }) => backTo !== undefined) && !args.has('dry-run');
  for (const { name, messages } of waiting) err.line(`${name}: ${counted(messages, 'message')}`);
  if (isMove) await confirm('move', 'the word', context);
  const rows: Row[] = [];
  for (const queue of waiting) rows.push(await movedBack(queue, isMove, { queues, context }));
  if (args.has('json')) out.json({ queues: rows } satisfies RedriveJson);
  else print(rows, args.has('dry-run'), context);
  return rows.some(({ problem }) => problem !== null) ? EXIT.failed : EXIT.ok;
}

const LOOK_EVERY = 2 * SECOND;
const PATIENCE = 10 * MINUTE;

const NO_QUEUE =
  'they were meant for another bus, not for a queue, and AWS moves them nowhere; the next change of a ' +
  'token replaces them';

async function movedBack(
  queue: DeadLetterQueue,
  isMove: boolean,
  { queues, context }: { queues: DeadLetterQueues; context: CommandContext },
): Promise<Row> {
  const { name, messages } = queue;
  if (queue.backTo === undefined)
    return {
      name,
      messages,
      moved: 0,
      left: messages,
      problem: context.args.has('dry-run') ? null : NO_QUEUE,
    };
  if (!isMove) return { name, messages, moved: 0, left: messages, problem: null };
  const move = await ended(queue, await queues.moveBack(queue), { queues, context });
  if (!move)
    return {
      name,
      messages,
      moved: 0,
      left: messages,
      problem: 'AWS shows no sign that it moves them: run the command again',
    };
  const { moved, left, reason } = move;
  const isRunning = move.state === 'running';
  return {
    name,
    messages,
    moved,
    left,
    problem: isRunning ? 'they are still being moved: run the command again later' : problemOf(left, reason),
  };
}

function problemOf(left: number, reason: string | undefined): string | null {
  if (reason !== undefined)
    return `AWS ended the move: ${/^[\w .:-]{1,100}$/.test(reason) ? reason : 'its reason is no plain text'}`;
  return left > 0 ? 'AWS ended the move without them: run the command again' : null;
}

async function ended(
  queue: DeadLetterQueue,
  after: Instant,
  { queues, context }: { queues: DeadLetterQueues; context: CommandContext },
): Promise<Move | undefined> {
  for (let waited = 0; ; waited += LOOK_EVERY) {
    const move = await queues.moveOf(queue, after);
    if (move?.state === 'ended' || waited >= (move ? PATIENCE : MINUTE)) return move;
    await context.sleep(LOOK_EVERY);
  }
}

function print(rows: readonly Row[], isDry: boolean, { out }: CommandContext): void {
  if (rows.length === 0) return out.line('Nothing waits in a dead-letter queue.');
  if (isDry) return out.line('Nothing was moved.');
  for (const { name, moved, left, problem } of rows)
    out.line(
      `${name}: ${moved} moved${problem === null ? '' : `, ${left} not: ${problem}`}.`,
      problem === null ? undefined : 'bad',
    );
  if (rows.some(({ moved }) => moved > 0))
    out.line('A notification that was sent before is not sent again; requests past their time are dropped.');
}

/** The queues that are meant. Errors: {@link CliError} with what there is. */
async function chosen(
  all: readonly DeadLetterQueue[],
  installation: string,
  name: string | undefined,
): Promise<readonly DeadLetterQueue[]> {
  if (name === undefined) return all;
  const short = (queue: DeadLetterQueue): string =>
    queue.name.replace(`keyturn-${installation}-`, '').replace(/-dlq$/, '');
  const found = all.filter((queue) => queue.name === name || short(queue) === name);
  if (found.length > 0) return found;
  throw new CliError(
    EXIT.usage,
    'There is no queue ' +
      `"${name}".${suggestion(name, all.map(short)) || ` There are ${all.map(short).join(', ') || 'none'}.`}`,
  );
}

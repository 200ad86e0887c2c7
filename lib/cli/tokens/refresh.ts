import { validityAt } from '../../../functions/core/validity/validity.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import { lookedAt, takenIn } from './look-again.ts';
import { printOpen } from './open-findings.ts';
import { requireAttached } from './request.ts';
import { findingView, openFindings, type FindingAbout } from '../output/finding-view.ts';
import { iso } from '../output/instants.ts';
import { STATES, fromNow, stateOf } from '../output/words.ts';
import type { RefreshJson } from '../json/tokens.ts';

export const refresh: CliCommand = {
  name: 'refresh',
  group: 'Act',
  effect: 'changes',
  summary: 'Inspect a token now, and show only what this inspection found',
  usage: 'TOKEN',
  examples: [
    [
      'keyturn refresh prod/billing/gitlab',
      'after a fix: asks Secrets Manager and the issuer now, and waits',
    ],
    [
      'keyturn refresh prod/billing/gitlab --exit-code',
      'exit code 5 while a finding is open, or the issuer does not answer',
    ],
  ],
  options: {},
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const taken = await takenIn(context, ports);
  const before = taken ?? (await namedToken(context, ports));
  requireAttached(before);
  if (!taken) context.err.line(`Keyturn was asked to inspect ${before.name}. Waiting.`, 'dim');
  const now =
    taken ??
    (await lookedAt({ arn: before.secretArn, provider: before.provider }, before.inspectedAt, {
      ports,
      context,
    }));
  if (!now)
    throw new CliError(
      EXIT.failed,
      `Keyturn was asked to inspect ${before.name} and has not yet. Run the command again in some minutes.`,
    );
  const { installation } = ports;
  const seen = seenOf(now, taken ? undefined : before, { now: await ports.now(), installation });
  if (context.args.has('json')) context.out.json(seen.view);
  else print(now, seen, context, await ports.now());
  const isFound = seen.view.findings.length > 0 || seen.view.validity === 'unknown';
  return isFound && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}

interface Seen {
  readonly view: RefreshJson;
  readonly fresh: Token['findings'];
  readonly about: FindingAbout;
}

/** What the inspection found. What was judged before it is not shown as the present. */
function seenOf(
  token: Token,
  before: Token | undefined,
  { now, installation }: { readonly now: Instant; readonly installation: string },
): Seen {
  const about = { ...token, installation };
  const since = token.inspectedAt ?? now;
  const isAsked = token.validity !== undefined && token.validity.at !== before?.validity?.at;
  const open = openFindings(token);
  const fresh = open.filter((one) => one.seenAt >= since);
  const validity = (isAsked ? validityAt(token, now) : undefined) ?? 'unknown';
  const view: RefreshJson = {
    id: token.id,
    name: token.name,
    inspectedAt: iso(token.inspectedAt),
    state: stateOf(isAsked ? token : { ...token, refusedSince: undefined }, now),
    validity,
    problem: token.unusable ?? null,
    findings: fresh.map((one) => findingView(one, about)),
    notJudged: [...new Set(open.filter((one) => one.seenAt < since).map((one) => one.kind))],
  };
  return { view, fresh, about };
}

function print(token: Token, { view, fresh, about }: Seen, { out }: CommandContext, now: Instant): void {
  out.fields([
    ['token', view.name],
    ['inspected', fromNow(token.inspectedAt ?? now, now)],
    ['state', `${view.state}: ${STATES[view.state].meaning}`, STATES[view.state].tone],
    ['validity', validityText(token, view)],
  ]);
  if (view.problem !== null) out.line(view.problem, 'bad');
  if (fresh.length === 0)
    out.line(
      view.validity === 'unknown'
        ? 'This inspection opened no finding, and could not check whether the token works.'
        : 'This inspection found nothing wrong.',
      view.validity === 'unknown' ? 'warn' : 'good',
    );
  printOpen(fresh, about, { now, out });
  if (view.notJudged.length > 0)
    out.line(
      `Not judged by this inspection: ${view.notJudged.join(', ')}. \`keyturn show ${view.name}\` says ` +
        'what was found before.',
      'dim',
    );
}

function validityText(token: Token, { validity }: RefreshJson): string {
  if (validity !== 'unknown') return validity;
  const reason = token.validity?.outcome === 'unknown' ? token.validity.reason : undefined;
  return reason === undefined
    ? 'unknown: this inspection got no answer from the issuer'
    : `unknown: ${reason}`;
}

import { DETAIL_TYPES, EVENT_SOURCE, Fact } from '../../../functions/core/findings/events.ts';
import { aboutOf } from '../../../functions/core/findings/fact-ids.ts';
import { MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import { GitlabSimulator } from '../issuers/gitlab.ts';
import { startIssuers, type IssuerTools } from '../issuers/index.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import { isRefused } from './audit.ts';
import type { Member } from './cast.ts';
import type { Chronicle } from './chronicle.ts';
import type { Workplace } from './consumers.ts';
import { Inbox } from './inbox.ts';
import { factInWords, mailInWords, pageInWords } from './telling.ts';

/** How far time moves before the story is told on. */
const PAGE = 15 * MINUTE;

/** Whose token makes the others. */
const ADMIN_ACCOUNT = 'groups/7/service_accounts/99';

/** The usual issuers, with a group behind the second secret of GitLab, and a service account that may make tokens. */
export async function storyIssuers(tools: IssuerTools): Promise<readonly Issuer[]> {
  const usual = await startIssuers(tools);
  const resourceOf = (index: number): string => (index === 2 ? 'groups/7' : `projects/${100 + index}`);
  return usual.map((issuer) =>
    issuer.provider === 'gitlab'
      ? new GitlabSimulator({ clock: tools.clock, resourceOf, adminAccount: ADMIN_ACCOUNT })
      : issuer,
  );
}

export interface StageParts {
  readonly sandbox: Sandbox;
  readonly cast: readonly Member[];
  readonly chronicle: Chronicle;
  readonly interrupted?: AbortSignal | undefined;
}

/** Where the story plays: it moves time and tells what happened. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly cast: readonly Member[];
  readonly chronicle: Chronicle;
  readonly facts: Fact[] = [];
  readonly #inbox: Inbox;
  readonly #interrupted: AbortSignal | undefined;
  readonly #faults: unknown[] = [];
  #mails = 0;
  #pages = 0;

  constructor(parts: StageParts) {
    this.sandbox = parts.sandbox;
    this.cast = parts.cast;
    this.chronicle = parts.chronicle;
    this.#interrupted = parts.interrupted;
    const bus = parts.sandbox.outputs.get('KeyturnBusName');
    this.#inbox = new Inbox(parts.sandbox, {
      name: 'story',
      pattern: { source: [EVENT_SOURCE], 'detail-type': Object.values(DETAIL_TYPES) },
      ...(bus !== undefined && { bus }),
    });
  }

  readonly onFault = (error: unknown): void => void this.#faults.push(error);

  /** Tells what happens now. */
  tell(text: string): void {
    this.chronicle.note(this.sandbox.clock.now(), text);
  }

  /** The world of a consumer of one secret. */
  at(secret: string): Workplace {
    return {
      sandbox: this.sandbox,
      chronicle: this.chronicle,
      onFault: this.onFault,
      issuer: this.issuerOf(secret),
      secret,
    };
  }

  issuerOf(secret: string): Issuer {
    const provider = this.cast.find((member) => member.secret === secret)?.provider;
    const issuer = this.sandbox.issuers.find((one) => one.provider === provider);
    if (!issuer) throw new Error(`No issuer runs for ${secret}.`);
    return issuer;
  }

  /** Secrets of the cast that an issuer serves. */
  secretsAt(issuer: Issuer): string[] {
    return this.cast.filter(({ provider }) => provider === issuer.provider).map(({ secret }) => secret);
  }

  /** Lets time go by and tells what happens. Errors: an interruption; the first of a consumer's own, which is a mistake in the story. */
  async playUntil(time: Instant): Promise<void> {
    const { sandbox, chronicle } = this;
    while (sandbox.clock.now() < time) {
      if (this.#interrupted?.aborted) throw new Error('The story was interrupted.');
      await sandbox.advance(Math.min(PAGE, time - sandbox.clock.now()));
      await this.#gather();
      chronicle.turnPage();
      if (this.#faults.length > 0) throw this.#faults[0];
    }
  }

  async #gather(): Promise<void> {
    const { mails, pages } = this.sandbox;
    for (const detail of await this.#inbox.take()) await this.#hear(Fact.parse(detail));
    for (const mail of mails.slice(this.#mails)) this.chronicle.note(mail.at, mailInWords(mail));
    for (const page of pages.slice(this.#pages)) this.chronicle.note(page.at, pageInWords(page));
    this.#mails = mails.length;
    this.#pages = pages.length;
  }

  /** The bus may tell a fact twice. */
  async #hear(fact: Fact): Promise<void> {
    if (this.facts.some(({ id }) => id === fact.id)) return;
    const words = factInWords(fact, this.facts);
    this.facts.push(fact);
    if (words !== undefined) this.chronicle.note(fact.at, words);
    if (fact.type !== 'lifecycle' || fact.what !== 'revocation-verified') return;
    const issuer = this.issuerOf(fact.name);
    const credential = (await issuer.credentials(fact.name)).find(({ handle }) => handle === aboutOf(fact));
    const refused = credential !== undefined && (await isRefused(issuer, credential.value));
    this.chronicle.note(
      fact.at,
      `${fact.name}: the revocation is verified; we tried the old value ourselves, and the issuer ${refused ? 'rejects it' : 'STILL ACCEPTS IT'}`,
    );
  }
}

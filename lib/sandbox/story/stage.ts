import type { Fact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import { aboutOf } from '../../../functions/core/findings/fact-ids.ts';
import { MINUTE, type Instant } from '../../../functions/core/basics/time.ts';
import { GitlabSimulator } from '../issuers/gitlab.ts';
import { startIssuers, type IssuerTools } from '../issuers/index.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import { issuerFor } from './issuer-for.ts';
import { isRefused } from './audit.ts';
import type { Member } from './cast.ts';
import type { Chronicle } from './chronicle.ts';
import type { Workplace } from './consumers.ts';
import { NewsReader } from './news.ts';
import { isUsualEnd } from './telling.ts';

/** How far time moves before the story is told on. */
const PAGE = 15 * MINUTE;

/** Whose token makes the others. */
const ADMIN_ACCOUNT = 'groups/7/service_accounts/99';

/**
 * The usual issuers, with a group behind the second secret of GitLab, and a service account that may make
 * tokens.
 */
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
  readonly #news: NewsReader;
  readonly #interrupted: AbortSignal | undefined;
  readonly #faults: unknown[] = [];

  constructor(parts: StageParts) {
    this.sandbox = parts.sandbox;
    this.cast = parts.cast;
    this.chronicle = parts.chronicle;
    this.#interrupted = parts.interrupted;
    this.#news = new NewsReader(parts.sandbox, 'story');
  }

  /** What Keyturn told its bus until now. */
  get facts(): readonly Fact[] {
    return this.#news.facts;
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
    return issuerFor(this.sandbox.issuers, provider);
  }

  /** Secrets of the cast that an issuer serves. */
  secretsAt(issuer: Issuer): string[] {
    return this.cast.filter(({ provider }) => provider === issuer.provider).map(({ secret }) => secret);
  }

  /**
   * Lets time go by and tells what happens. Errors: an interruption; the first of a consumer's own, which is
   * a mistake in the story.
   */
  async playUntil(time: Instant): Promise<void> {
    const { sandbox } = this;
    while (sandbox.clock.now() < time) {
      if (this.#interrupted?.aborted) throw new Error('The story was interrupted.');
      await sandbox.advance(Math.min(PAGE, time - sandbox.clock.now()));
      await this.look();
      if (this.#faults.length > 0) throw this.#faults[0];
    }
  }

  /** Tells what happened since the last time. */
  async look(): Promise<void> {
    await this.#gather();
    this.chronicle.turnPage(this.sandbox.clock.now());
  }

  async #gather(): Promise<void> {
    const { facts, notes } = await this.#news.take();
    for (const note of notes) this.chronicle.add(note);
    for (const fact of facts)
      if (fact.type === 'lifecycle' && fact.what === 'revocation-verified') await this.#tryRevoked(fact);
  }

  /** Uses a revoked value at its issuer, as anybody who kept it might. */
  async #tryRevoked(fact: LifecycleFact): Promise<void> {
    const { at, name } = fact;
    // A token may be somebody's own, and none of the cast.
    const issuer = issuerFor(this.sandbox.issuers, fact.issuer);
    const credential = (await issuer.credentials(name)).find(({ handle }) => handle === aboutOf(fact));
    if (credential === undefined || !(await isRefused(issuer, credential.value))) {
      const text =
        `${name}: the revocation is verified; we tried the old value ourselves, and the issuer STILL ` +
        'ACCEPTS IT';
      this.chronicle.add({ at, text, tone: 'critical' });
      return;
    }
    const revoked = this.facts.find(
      (one) => one.type === 'lifecycle' && one.what === 'revoked' && aboutOf(one) === aboutOf(fact),
    );
    const isUsual = revoked?.type === 'lifecycle' && isUsualEnd(revoked);
    this.chronicle.add({
      at,
      text:
        `${name}: the revocation is verified; we tried the old value ` +
        'ourselves, and the issuer rejects it',
      ...(isUsual && { routine: { of: name, kind: 'revocation' } }),
    });
  }
}

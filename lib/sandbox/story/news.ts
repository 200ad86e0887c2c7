import { DETAIL_TYPES, EVENT_SOURCE, Fact } from '../../../functions/core/findings/events.ts';
import type { Sandbox } from '../runtime/api.ts';
import type { Note } from './chronicle.ts';
import { Inbox } from './inbox.ts';
import { factNote, mailNote, pageNote } from './telling.ts';

/** What happened in a sandbox since the last question: what Keyturn told its bus, and mails and pages. */
export interface News {
  /** In the order in which they came, each once. */
  readonly facts: readonly Fact[];
  readonly notes: readonly Note[];
}

/** Listens to a sandbox as its users do: by a rule on Keyturn's bus, and by reading mails and pages. */
export class NewsReader {
  readonly #sandbox: Sandbox;
  readonly #inbox: Inbox;
  /** All of them so far. */
  readonly facts: Fact[] = [];
  #mails = 0;
  #pages = 0;

  constructor(sandbox: Sandbox, name: string) {
    this.#sandbox = sandbox;
    const bus = sandbox.outputs.get('KeyturnBusName');
    this.#inbox = new Inbox(sandbox, {
      name,
      pattern: { source: [EVENT_SOURCE], 'detail-type': Object.values(DETAIL_TYPES) },
      ...(bus !== undefined && { bus }),
    });
  }

  async take(): Promise<News> {
    const { mails, pages } = this.#sandbox;
    const facts: Fact[] = [];
    const notes: Note[] = [];
    for (const detail of await this.#inbox.take()) {
      const fact = Fact.parse(detail);
      // The bus may tell a fact twice.
      if (this.facts.some(({ id }) => id === fact.id)) continue;
      const note = factNote(fact, this.facts);
      this.facts.push(fact);
      facts.push(fact);
      if (note) notes.push(note);
    }
    notes.push(...mails.slice(this.#mails).map(mailNote), ...pages.slice(this.#pages).map(pageNote));
    this.#mails = mails.length;
    this.#pages = pages.length;
    return { facts, notes };
  }
}

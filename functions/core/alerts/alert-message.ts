import type { Notice } from './notices.ts';

/** One message on its way to people. */
export interface AlertMessage {
  readonly subject: string;
  /** The text for mail: what, impact, what to do, where to read on. */
  readonly text: string;
  /** The same for machines. */
  readonly body: Notice;
  readonly attributes: Readonly<
    Record<'severity' | 'kind' | 'change' | 'issuer' | 'owner' | 'environment', string>
  > & { readonly route?: string | readonly string[] };
}

/** Where messages for people go: subscriptions choose by their attributes. */
export interface AlertTopic {
  publish(message: AlertMessage): Promise<void>;
}

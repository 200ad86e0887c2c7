import type { InstallationScope } from '../basics/names.ts';
import type { AlertTopic } from './alert-message.ts';
import type { AlertMessage } from './alert-message.ts';

/**
 * What an alert is written for: its installation, and the page whose sections are the runbook, if not the one
 * that Keyturn came with.
 */
export interface AlertContext {
  readonly installation: InstallationScope;
  readonly runbookUrl: string | undefined;
}

/**
 * The key that all alerts about one thing share, so that pagers and chat rooms group and resolve them:
 * `keyturn/<account>/<region>/<installation>/…`. Two installations never share one, though both may be named
 * `main` and have a token of the same name: what is over in staging must not close an incident of production.
 */
export function dedupKey({ account, region, name }: InstallationScope, ...about: readonly string[]): string {
  return ['keyturn', account, region, name, ...about].filter((part) => part !== '').join('/');
}

/** Which installation it is, as people read it. */
export function originText({ account, region, name }: InstallationScope): string {
  return `Keyturn ${name} in account ${account}, ${region}`;
}

/**
 * A topic of which every message says where it comes from: in its first line for people, in `installation`
 * for machines. Nothing is published past it.
 */
export function signed(topic: AlertTopic, installation: InstallationScope): AlertTopic {
  return {
    publish: (message: AlertMessage) =>
      topic.publish({
        ...message,
        text: `${originText(installation)}: ${message.text}`,
        body: { ...message.body, installation: { ...installation } },
      }),
  };
}

import { rotationFunctionOf } from './names.ts';

/**
 * The names an installation's resources have in its account and Region. They are stable, since secrets point
 * at rotation functions by name and people find queues and the table by them. What each issuer has follows a
 * rule, so that a policy may name all of a kind at once: `rotate('*')`, `worker('*')`. No other installation
 * has such names, see {@link takesNamesOfOthers}.
 */
export interface ResourceNames {
  readonly table: string;
  readonly bus: string;
  readonly alertTopic: string;
  /** The topic that chat rooms listen to, where there is one. */
  readonly chatTopic: string;
  /** The topic that canaries come out of: no people are subscribed to it. */
  readonly canaryTopic: string;
  /** The rotation function that secrets of a provider name. */
  rotate(provider: string): string;
  /** The function that acts on a provider's tokens, and the queue its commands wait in. */
  worker(provider: string): string;
  /** The log group of both functions of a provider. */
  issuerLog(provider: string): string;
  /** The queue for what people ask. */
  readonly requests: string;
  /** Any other function, queue or schedule. */
  part(name: string): string;
}

/** The name of the queue for what a queue, a schedule or a rule of some name gave up. */
export function deadLetterQueueOf(name: string): string {
  return `${name}-dlq`;
}

/**
 * Whether an installation of this name would have names that the patterns of another one fit: those of
 * `main` for its rotation functions and worker queues fit all that an installation `main-worker` has.
 */
export function takesNamesOfOthers(installation: string): boolean {
  return /-(rotate|worker)(-|$)/.test(installation);
}

/** Names of everything that one installation owns. */
export function namesOf(installation: string): ResourceNames {
  const part = (name: string): string => `keyturn-${installation}-${name}`;
  return {
    table: `keyturn-${installation}`,
    bus: `keyturn-${installation}`,
    alertTopic: part('alerts'),
    chatTopic: part('chat'),
    canaryTopic: part('canary'),
    rotate: (provider) => rotationFunctionOf(installation, provider),
    worker: (provider) => part(`worker-${provider}`),
    issuerLog: (provider) => `/aws/lambda/${part(`issuer-${provider}`)}`,
    requests: part('requests'),
    part,
  };
}

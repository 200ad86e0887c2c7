/** Consumers as owners declare them by `kind:target`: how they are read and written. */
import { KeyturnError } from '../basics/errors.ts';
import { CONSUMER_KINDS, type ConsumerKind, exampleOf, isTarget, ruleOf } from './consumer-kinds.ts';

/** A system or principal that uses a token, as its owner declares it. */
export interface DeclaredConsumer {
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly target: string;
  /** Its declaration cannot be read: only a person can confirm that it moved. */
  readonly unreadable?: true | undefined;
}

/**
 * A consumer whose declaration is wrong.
 * It holds previous credentials until that is corrected, or a person confirms that it moved.
 */
export function unreadableConsumer(name: string, text: string): DeclaredConsumer {
  return { name, kind: 'ack', target: text, unreadable: true };
}

/**
 * A secret has at most 50 tags, and Keyturn's own need their share. Source: AWS Secrets Manager API
 * Reference, TagResource.
 */
export const MOST_CONSUMERS = 20;

/**
 * Reads one consumer from its name and `kind:target`.
 * Error: `bad-request`, one sentence that reads on after the field's name.
 */
export function parseConsumer(name: string, text: string): DeclaredConsumer {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw fault(
      `names the consumer ${shown(name)}: ` +
        'write at most 40 small letters, digits and hyphens, like billing-ci',
    );
  const colon = text.indexOf(':');
  const kind = CONSUMER_KINDS.safeParse(colon === -1 ? text : text.slice(0, colon));
  if (!kind.success)
    throw fault(
      'has no kind before its first colon: ' +
        `write one of ${CONSUMER_KINDS.options.join(', ')}, like ${exampleOf('ecs')}`,
    );
  const target = colon === -1 ? '' : text.slice(colon + 1);
  const rule = ruleOf(kind.data);
  if (!isTarget(kind.data, target))
    throw fault(`has no target of the form ${rule.form}: write it like ${exampleOf(kind.data)}`);
  return { name, kind: kind.data, target };
}

/** What a consumer's tag or manifest entry says; the inverse of {@link parseConsumer}. */
export function consumerText(consumer: DeclaredConsumer): string {
  return `${consumer.kind}:${consumer.target}`;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

function fault(sentence: string): KeyturnError {
  return new KeyturnError('bad-request', `${sentence}.`);
}

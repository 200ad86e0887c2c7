import { ruleOf, type ConsumerKind } from '../../../functions/core/consumers/consumer-kinds.ts';
import { areInTurn } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import type { FoundSecret } from './secrets.ts';

/** A token of the manifest, as far as it matters here. */
interface Wanted {
  readonly secret: string;
  readonly issuer: string;
  readonly consumers?: readonly { readonly kind: ConsumerKind }[] | undefined;
}

function inTurn(issuer: string): ProviderDescriptor | undefined {
  return DESCRIPTORS.find(({ id, slots }) => id === issuer && areInTurn(slots));
}

function namesOf({ companions = [] }: ProviderDescriptor): string {
  return companions.map((name) => `"${name}"`).join(' and ');
}

/**
 * What consumers have to be ready for before the first rotation, where each one gives them another name. It
 * is said when a secret is registered, and not again.
 */
export function namesInTurn(
  { secret, issuer }: Wanted,
  found: Pick<FoundSecret, 'tags'> | undefined,
): string[] {
  const facts = inTurn(issuer);
  if (!facts || found?.tags.get(TAGS.issuer) === issuer) return [];
  return [
    `Each rotation of ${secret} gives consumers another ${namesOf(facts)} too (alternating users): let ` +
      'them read it from the secret, beside the value.',
  ];
}

/** Consumers that would get the value without the name that comes with it: their places, and what to do. */
export function withoutName({
  issuer,
  consumers = [],
}: Wanted): { readonly index: number; readonly message: string }[] {
  const facts = inTurn(issuer);
  if (!facts) return [];
  return consumers.flatMap(({ kind }, index) =>
    ruleOf(kind).delivery === 'value'
      ? [
          {
            index,
            message:
              `is a kind that takes the value alone, and each rotation comes with another ` +
              `${namesOf(facts)}: let the consumer read the secret, and declare webhook or event`,
          },
        ]
      : [],
  );
}

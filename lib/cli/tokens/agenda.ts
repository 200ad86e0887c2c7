import { agenda } from '../../../functions/core/assessment/due-times.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import type { Token } from '../../../functions/core/token/token.ts';

/** Something that Keyturn will do by itself. */
export interface Appointment {
  readonly kind: string;
  readonly at: Instant;
  /** The attempt, generation or cause it is about. */
  readonly about: string | undefined;
}

/** The agenda of a token, earliest first. */
export function agendaOf(token: Token, facts: ProviderDescriptor | undefined, now: Instant): Appointment[] {
  const all = agenda(token, facts, now).map((action): Appointment => {
    switch (action.kind) {
      case 'rotate':
        return {
          kind: action.kind,
          at: action.at,
          about:
            action.waitsFor === undefined ? action.cause : `${action.cause}, waits for ${action.waitsFor}`,
        };
      case 'settle':
        return { kind: action.kind, at: action.at, about: action.attemptId };
      case 'retire':
        return { kind: action.kind, at: action.at, about: action.credentialId };
      case 'deliver':
        return { kind: action.kind, at: action.at, about: action.consumer };
      case 'rollback':
      case 'inspect':
      case 'tell':
        return { kind: action.kind, at: action.at, about: undefined };
    }
  });
  return all.sort((a, b) => a.at - b.at);
}

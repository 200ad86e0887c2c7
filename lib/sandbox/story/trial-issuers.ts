import { creationEnds } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { VirtualClock, type Clock } from '../clock.ts';
import { SIMULATORS } from '../issuers/simulators.ts';
import type { Issuer } from '../issuers/simulator.ts';
import { SandboxRefusal } from '../runtime/refusal.ts';
import { SANDBOX_SETTINGS } from '../runtime/settings.ts';
import type { Member } from './cast.ts';

/** An issuer that runs in a sandbox because a person asked for it, beside the usual ones. */
export interface Trial {
  readonly issuer: (clock: Clock) => Issuer;
  readonly settings: Readonly<Record<string, { readonly allowedHosts: readonly string[] }>>;
  /** Its token. */
  readonly member: Member;
}

/** What has to be known of an issuer that is tried. */
export type Tried = Pick<ProviderDescriptor, 'id' | 'title' | 'slots'>;

/** Whether an issuer is in every sandbox. */
function isUsual(id: string): boolean {
  return Object.hasOwn(SANDBOX_SETTINGS.issuers, id);
}

/**
 * The simulators of issuers, each with one token whose credential was made by hand. Those of every sandbox
 * are left out. Error: {@link SandboxRefusal} for an issuer without a simulator.
 */
export function trialsOf(issuers: readonly Tried[]): readonly Trial[] {
  return [...new Map(issuers.map((one) => [one.id, one])).values()]
    .filter(({ id }) => !isUsual(id))
    .map(trialOf);
}

function trialOf({ id, title, slots }: Tried): Trial {
  const simulate = SIMULATORS.get(id);
  if (!simulate)
    throw new SandboxRefusal(
      `The issuer ${id} has no simulator. \`keyturn issuer test\` tries an issuer of your own.`,
    );
  const issuer = (clock: Clock): Issuer => simulate({ clock });
  const { host, otherHosts = [] } = issuer(new VirtualClock(0));
  return {
    issuer,
    settings: { [id]: { allowedHosts: [host, ...otherHosts] } },
    member: {
      secret: `trial/${id}`,
      provider: id,
      owner: 'team-trial',
      purpose: `shows how ${title} are rotated`,
      begins: 'by-hand',
      beginning: 'made by hand',
      policy: { rotateEvery: '30d', minGrace: '15m', ...(creationEnds({ slots }) && { overlap: 'none' }) },
    },
  };
}

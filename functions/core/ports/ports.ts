import type { Randomness } from '../basics/randomness.ts';
import type { Instant, Millis } from '../basics/time.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import type { PolicyDefaults } from '../policy/policy-input.ts';
import type { CommandQueue, Deliveries } from './command-queue.ts';
import type { FactBus } from './fact-bus.ts';
import type { Inventory } from './inventory.ts';
import type { Issuers } from './issuers.ts';
import type { Log } from './log.ts';
import type { Readers } from './readers.ts';
import type { Seals } from './seals.ts';
import type { SecretStore } from './secret-store.ts';

/** What the use cases need of the world; each asks for the part it uses. */
export interface Ports {
  readonly installation: { readonly account: string; readonly region: string; readonly name: string };
  /** What holds where a token's tags state nothing. */
  readonly policyDefaults: PolicyDefaults;
  readonly secrets: SecretStore;
  readonly inventory: Inventory;
  readonly seals: Seals;
  readonly issuers: Issuers;
  /** The declared facts of a provider; undefined for an id that no provider has. */
  readonly descriptor: (provider: string) => ProviderDescriptor | undefined;
  readonly commands: CommandQueue;
  readonly deliveries: Deliveries;
  readonly readers: Readers;
  readonly bus: FactBus;
  readonly log: Log;
  readonly now: () => Instant;
  readonly sleep: (length: Millis) => Promise<void>;
  /** Milliseconds until this invocation is stopped from outside. */
  readonly timeLeft: () => Millis;
  readonly uuid: () => string;
  readonly random: Randomness;
}

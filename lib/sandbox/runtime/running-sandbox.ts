import type { Millis } from '../../../functions/core/basics/time.ts';
import type { Aws } from '../aws/aws.ts';
import type { Invocation } from '../aws/types.ts';
import type { VirtualClock } from '../clock.ts';
import type { Destination } from '../destinations/index.ts';
import type { IssuerFaults } from '../issuers/faults.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { AdminSecrets } from './admin-secrets.ts';
import type { Access, FunctionRun, Sandbox } from './api.ts';
import { closeAll, type Machine } from './machine.ts';
import type { Mail, PagerEvent } from './outbox.ts';
import { credentialsOf, type Person } from './principals.ts';
import { ACCOUNT, REGION, SANDBOX_SETTINGS, type SandboxOptions } from './settings.ts';
import type { Template } from './template.ts';
import { TimeKeeper } from './time-keeper.ts';

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly machine: Machine;
  readonly issuers: readonly Issuer[];
  readonly faults: IssuerFaults;
  readonly destinations: readonly Destination[];
  readonly template: Template;
  readonly admin: AdminSecrets;
  readonly options: SandboxOptions;
}

/** A sandbox whose stack is deployed. */
export class RunningSandbox implements Sandbox {
  readonly folder: string;
  readonly endpoint: string;
  readonly installation: string;
  readonly aws: Aws;
  readonly clock: VirtualClock;
  readonly issuers: readonly Issuer[];
  readonly faults: IssuerFaults;
  readonly destinations: readonly Destination[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly functions: readonly string[];
  readonly runs: readonly FunctionRun[];
  readonly mails: readonly Mail[];
  readonly pages: readonly PagerEvent[];
  readonly #parts: SandboxParts;
  readonly #time: TimeKeeper;

  constructor(parts: SandboxParts) {
    const { machine, template, issuers, options } = parts;
    this.#parts = parts;
    this.#time = new TimeKeeper(machine.clock);
    this.folder = machine.folder.path;
    this.endpoint = machine.gateway.url;
    this.installation = options.settings?.installation ?? SANDBOX_SETTINGS.installation;
    this.aws = machine.aws;
    this.clock = machine.clock;
    this.issuers = issuers;
    this.faults = parts.faults;
    this.destinations = parts.destinations;
    this.outputs = template.outputs;
    this.functions = machine.pool.names();
    this.runs = machine.runs;
    this.mails = machine.outbox.mails;
    this.pages = machine.outbox.pages;
  }

  operate(): Access {
    return this.#accessAs('operator');
  }

  read(): Access {
    return this.#accessAs('reader');
  }

  #accessAs(person: Person): Access {
    return { endpoint: this.endpoint, region: REGION, account: ACCOUNT, credentials: credentialsOf(person) };
  }

  grant(provider: string, secretNames: readonly string[]): Promise<void> {
    return this.#parts.admin.grant(provider, secretNames);
  }

  invoke(functionName: string, payload: unknown): Promise<Invocation> {
    return this.clock.activity(() => this.#parts.machine.pool.invoke(functionName, payload));
  }

  kill(functionName: string): number {
    return this.#parts.machine.pool.kill(functionName);
  }

  advance(by: Millis): Promise<void> {
    return this.#time.advance(by);
  }

  follow(speed: number | 'fast'): () => Promise<void> {
    return this.#time.follow(speed);
  }

  rest(): Promise<void> {
    return this.#time.advance(0);
  }

  async close(): Promise<void> {
    this.#time.stop();
    const { machine, issuers, options } = this.#parts;
    await closeAll(machine, issuers, options.removeOnClose ?? false);
  }
}

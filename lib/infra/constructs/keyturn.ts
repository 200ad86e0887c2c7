import { CfnOutput, NestedStack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { functionArn } from '../rotation-permissions.ts';
import { type Settings, type SettingsInput, parseSettings } from '../settings.ts';
import { refuseTooLarge } from '../stack-limits.ts';
import { Alarms } from './alarms.ts';
import { Alerts } from './alerts.ts';
import { DeadLetterQueue, WorkQueue, askForTls } from './work-queue.ts';
import { KeyturnFunction } from './keyturn-function.ts';
import { Reconcile } from './reconcile.ts';
import { Sweep } from './sweep.ts';
import { Delivery, deliveredKinds } from './delivery.ts';
import { Detection } from './detection.ts';
import { Discover } from './discover.ts';
import { Foundation } from './foundation.ts';
import { Health } from './health.ts';
import { issuerNetwork } from './issuer-network.ts';
import { Leaks } from './leaks.ts';
import { Measures } from './measures.ts';
import { People } from './people.ts';
import { ProviderFunctions } from './provider-functions.ts';
import { Router } from './router.ts';
import { Senders } from './senders.ts';
import { Staging } from './staging.ts';

/** What stays in the account when the stack is deleted, and why; printed as an output of the stack. */
export const AFTER_DESTROY = {
  retain:
    'cdk destroy leaves the inventory table and two KMS keys: the table holds which credentials are ' +
    'whose, one key reads it, the other proves which credentials Keyturn made. ' +
    'No secret and no token is touched; secrets keep their rotation schedule, so run keyturn detach ' +
    '--all before, or deploy again. ' +
    'To deploy again, put the ARNs of the keys into keyturn.json under reuse and run cdk deploy ' +
    '--import-existing-resources. To remove all, delete the table, then schedule deletion of the keys.',
  destroy:
    'cdk destroy deletes the inventory and both keys, as keyturn.json says; no secret and no token is ' +
    'touched, but Keyturn no longer knows which credentials it made: run keyturn detach --all before, ' +
    'which switches rotation off and says what stays active.',
} as const satisfies Record<Settings['retention']['removalPolicy'], string>;

/** A whole installation of Keyturn: put one into a stack of your own, or deploy {@link KeyturnStack}. */
export class Keyturn extends Construct {
  readonly settings: Settings;
  readonly foundation: Foundation;
  readonly providers: ReadonlyMap<string, ProviderFunctions>;
  /** Only where the settings name somebody to deliver to. */
  readonly delivery: Delivery | undefined;
  readonly router: Router;
  readonly sweep: Sweep;
  readonly reconcile: Reconcile;
  readonly health: Health;
  readonly leaks: Leaks;
  readonly discover: Discover;
  readonly alerts: Alerts;
  readonly people: People;
  /** Undefined unless the settings ask for it. */
  readonly detection: Detection | undefined;

  constructor(scope: Construct, id: string, settings: SettingsInput) {
    super(scope, id);
    this.settings = parseSettings(settings);
    const foundation = new Foundation(this, 'Foundation', this.settings);
    this.foundation = foundation;
    const network = issuerNetwork(this.settings);
    const senders = new Senders(this, 'Senders', foundation);
    this.providers = new Map(
      foundation.issuers.map((descriptor) => [
        descriptor.id,
        new ProviderFunctions(this.#stackOf(descriptor), `Provider-${descriptor.id}`, {
          foundation,
          descriptor,
          network,
          senders,
        }),
      ]),
    );
    this.router = new Router(this, 'Router', { foundation, senders });
    const { requests } = this.router;
    const control = { foundation, providers: this.providers, senders, requests };
    const kinds = deliveredKinds(this.settings);
    this.delivery =
      kinds.length > 0 ? new Delivery(this, 'Delivery', { foundation, network, kinds }) : undefined;
    this.sweep = new Sweep(this, 'Sweep', { ...control, delivery: this.delivery });
    this.alerts = new Alerts(this, 'Alerts', { foundation });
    this.reconcile = new Reconcile(this, 'Reconcile', { ...control, alerts: this.alerts });
    new Staging(this, 'Staging', { foundation, heard: this.reconcile.changes });
    this.health = new Health(this, 'Health', control);
    this.leaks = new Leaks(this, 'Leaks', control);
    this.discover = new Discover(this, 'Discover', { foundation });
    this.detection = this.settings.detection.trail
      ? new Detection(this, 'Detection', { foundation })
      : undefined;
    new Measures(this, 'Measures', { foundation });
    const commands = this.#pairs().map((pair) => pair.commands);
    this.#askForTls(commands);
    this.people = new People(this, 'People', {
      foundation,
      requests: this.router.requests.queue,
      leaks: this.leaks.function.fn,
      byPerson: foundation.issuers.filter(({ value }) => value === 'person').map(({ id }) => id),
      others: this.#workQueues().filter((queue) => !commands.includes(queue)),
    });
    if (this.settings.alerts.alarms) this.#watch();
    refuseTooLarge(this);
    this.#tell();
  }

  /** Nothing here refers to what is in a nested stack but by its name: neither waits for the other. */
  #stackOf({ id, title }: ProviderDescriptor): Construct {
    if (!this.settings.nestedStacks) return this;
    return new NestedStack(this, `Issuer-${id}`, { description: `Keyturn: ${title}` });
  }

  /** One policy in each stack that has worker queues. */
  #askForTls(commands: readonly WorkQueue[]): void {
    if (!this.settings.nestedStacks) return askForTls(this, 'CommandsPolicy', commands);
    for (const pair of this.#pairs()) askForTls(pair, 'CommandsPolicy', [pair.commands]);
  }

  #pairs(): ProviderFunctions[] {
    return [...this.providers.values()];
  }

  #workQueues(): WorkQueue[] {
    return this.node.findAll().filter((one) => one instanceof WorkQueue);
  }

  /** The names of all functions or queues of a class, those in nested stacks too. */
  #all(kind: typeof KeyturnFunction | typeof DeadLetterQueue): string[] {
    return this.node.findAll().flatMap((one) => (one instanceof kind ? [one.name] : []));
  }

  #watch(): void {
    const { alerts, sweep } = this;
    const pairs = this.#pairs();
    const providerFunctions = pairs.flatMap((pair) => [pair.rotate.name, pair.worker.name]);
    const functions = this.#all(KeyturnFunction);
    new Alarms(this, 'Alarms', {
      foundation: this.foundation,
      topic: alerts.topic,
      deadLetterQueues: this.#all(DeadLetterQueue),
      providerFunctions,
      coreFunctions: functions.filter((name) => !providerFunctions.includes(name)),
      sweep: sweep.function.name,
      rotateFunctions: pairs.map((pair) => pair.rotate.name),
      alertQueue: alerts.queue.name,
      commandQueues: pairs.map((pair) => pair.commands.name),
    });
  }

  #tell(): void {
    const outputs: Record<string, string> = {
      TableName: this.foundation.table.tableName,
      BusName: this.foundation.bus.eventBusName,
      AlertTopicArn: this.alerts.topic.topicArn,
      DataKeyArn: this.foundation.keys.data.keyArn,
      HmacKeyArn: this.foundation.keys.seal.keyArn,
      ViewerPolicyArn: this.people.viewer.managedPolicyArn,
      OperatorPolicyArn: this.people.operator.managedPolicyArn,
      RegistrarPolicyArn: this.people.registrar.managedPolicyArn,
      ...(this.people.submitter && { SubmitterPolicyArn: this.people.submitter.managedPolicyArn }),
      AfterDestroy: AFTER_DESTROY[this.settings.retention.removalPolicy],
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    if (this.leaks.intake) new CfnOutput(this, 'IntakeUrl', { value: this.leaks.intake.url.url });
    for (const [id, pair] of this.providers)
      new CfnOutput(this, `RotationFunction-${id}`, { value: functionArn(pair.rotate.name) });
  }
}

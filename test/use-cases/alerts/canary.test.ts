import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Canary } from '../../../functions/core/inventory/canary.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import type { AlertLedger } from '../../../functions/core/ports/alert-ledger.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import {
  noteCanary,
  passOnCanary,
  tendCanary,
  type CanaryPorts,
  type WayIs,
} from '../../../functions/use-cases/alerts/canary.ts';
import { examineRoutes } from '../../../functions/use-cases/alerts/routes.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { HERE } from '../../fakes/steps.ts';
import { T0 } from '../../fakes/tokens.ts';

/** What a canary goes through, in this order: a link that is broken refuses it, or drops it in silence. */
const LINKS = ['bus', 'rule', 'alert', 'topic', 'subscription'] as const;
type Link = (typeof LINKS)[number];

const REFUSES: readonly Link[] = ['bus', 'topic'];

/** An installation whose reconcile runs every quarter of an hour; all that is sent is delivered at once. */
function world() {
  const inventory = new MemoryInventory();
  const broken = new Set<Link>();
  const log = recordingLog();
  const told: FindingFact[] = [];
  const sent: Canary[] = [];
  const passedOn: Canary[] = [];
  const state = { at: T0, made: 0 };
  const now = (): number => state.at;
  const isOpen = (link: Link): boolean => {
    if (broken.has(link) && REFUSES.includes(link))
      throw new KeyturnError('aws-failed', `${link} refused it.`);
    return !broken.has(link);
  };
  const topic = {
    send: async (canary: Canary): Promise<void> => {
      if (!isOpen('topic')) return;
      passedOn.push(canary);
      if (isOpen('subscription')) await noteCanary(canary.id, ports);
    },
  };
  const ledger: Pick<AlertLedger, 'told' | 'tell'> = inventory;
  const passOn = (canary: Canary): Promise<void> =>
    passOnCanary(canary, { inventory, ledger, canaries: topic, log, now });
  const bus = {
    send: async (canary: Canary): Promise<void> => {
      sent.push(canary);
      if (isOpen('bus') && isOpen('rule') && isOpen('alert')) await passOn(canary).catch(() => undefined);
    },
  };
  const ports: CanaryPorts = {
    installation: HERE,
    inventory,
    bus: {
      publish: async (facts) =>
        void (
          isOpen('bus') && told.push(...facts.flatMap((fact) => (fact.type === 'finding' ? [fact] : [])))
        ),
    },
    descriptor: () => undefined,
    now,
    log,
    uuid: () => `canary-${++state.made}`,
    canaries: bus,
  };
  /** Lets time go by; resolves to what each run of reconcile said. */
  const pass = async (length: number): Promise<WayIs[]> => {
    const said: WayIs[] = [];
    for (const end = state.at + length; state.at < end; state.at += 15 * MINUTE)
      said.push(await tendCanary(ports));
    return said;
  };
  const findings = async () =>
    (await inventory.loadInstallationRecord()).installationRecord.findings.map(
      ({ kind, subject, severity, state: is }) => `${kind} ${subject} ${severity} ${is}`,
    );
  return { ports, inventory, broken, log, told, sent, passedOn, passOn, pass, state, findings };
}

const LOST = 'alert-subscription-unhealthy canary critical';

describe('the canary of an installation', () => {
  it('goes once a day, arrives, and notifies no person', async () => {
    const { pass, sent, told, log, findings } = world();
    assert.deepEqual(new Set(await pass(3 * DAY)), new Set(['open']));
    assert.deepEqual(
      sent.map(({ at }) => (at - T0) / DAY),
      [0, 1, 2],
    );
    assert.deepEqual([told, log.lines, await findings()], [[], [], []]);
  });

  for (const link of LINKS)
    it(
      `that is lost at the ${link} goes again after an hour, and is a finding after another; it is over ` +
        'with the next that arrives',
      async () => {
        const { pass, broken, sent, told, state, findings } = world();
        await pass(DAY);
        broken.add(link);
        assert.deepEqual(new Set(await pass(2 * HOUR)), new Set(['open']), 'one may get lost');
        assert.deepEqual(
          sent.map(({ at }) => (at - T0) / HOUR),
          [0, 24, 25],
        );
        assert.deepEqual(new Set(await pass(HOUR)), new Set(['closed']));
        assert.deepEqual(await findings(), [`${LOST} open`]);
        await pass(2 * HOUR);
        assert.equal(sent.length, 6, 'one an hour, so that it is known soon when it is mended');
        broken.clear();
        const mended = state.at;
        const said = await pass(HOUR);
        assert.equal(said.at(-1), 'open');
        assert.deepEqual(await findings(), [`${LOST} resolved`]);
        assert.deepEqual(
          told.map(({ change }) => change),
          ['opened', 'resolved'],
          'it is told once, if late',
        );
        assert.equal(
          told[0]?.detail,
          'Findings may reach no person. Canaries take their path, by bus, rule, queue, alert function ' +
            'and a topic, and the last one arrived at 2026-01-05T09:00:00Z.',
        );
        await pass(DAY);
        assert.equal(sent.filter(({ at }) => at >= mended + HOUR).length, 1, 'and then one a day again');
      },
    );

  it('that has never arrived says so', async () => {
    const { pass, broken, told } = world();
    broken.add('subscription');
    await pass(3 * HOUR);
    assert.match(told[0]?.detail ?? '', /none has ever arrived\.$/);
  });

  it('that comes late, is doubled or is forged proves nothing, and is passed on once', async () => {
    const { pass, broken, sent, passedOn, passOn, ports, inventory, log } = world();
    broken.add('rule');
    await pass(HOUR + MINUTE);
    const [first, second] = sent;
    assert.ok(first && second);
    broken.clear();
    await passOn(first);
    await passOn({ ...first, id: 'forged' });
    await noteCanary(first.id, ports);
    await noteCanary('forged', ports);
    assert.deepEqual(passedOn, []);
    assert.equal((await inventory.loadInstallationRecord()).installationRecord.canary?.arrivedAt, undefined);
    assert.deepEqual(
      log.lines.map((line) => Object(JSON.parse(line)).message),
      [
        ...Array(2).fill('a canary that no record knows was not passed on'),
        ...Array(2).fill('a canary that is not awaited was passed over'),
      ],
    );
    await passOn(second);
    await passOn(second);
    assert.deepEqual(
      passedOn.map(({ id }) => id),
      [second.id],
    );
    assert.doesNotMatch(JSON.stringify([passedOn, log.lines]), /forged/);
  });

  it('is sent by one run of two that come at once', async () => {
    const { ports, sent } = world();
    assert.deepEqual(await Promise.all([tendCanary(ports), tendCanary(ports)]), ['open', 'open']);
    assert.equal(sent.length, 1);
  });

  it('leaves findings about subscriptions alone, and the look at subscriptions leaves its own', async () => {
    const { pass, broken, ports, findings } = world();
    broken.add('subscription');
    const look = (): Promise<boolean> =>
      examineRoutes({ topicArn: 'topic', routes: [] }, { ...ports, subscriptions: { of: async () => [] } });
    await look();
    await pass(3 * HOUR);
    await look();
    assert.deepEqual((await findings()).toSorted(), [
      `${LOST} open`,
      'alert-subscription-unhealthy no-receiver warning open',
    ]);
    broken.clear();
    await pass(HOUR);
    assert.deepEqual((await findings()).toSorted(), [
      `${LOST} resolved`,
      'alert-subscription-unhealthy no-receiver warning open',
    ]);
  });

  it('is neither open nor closed to those who cannot see the record', async () => {
    const { ports, inventory, log, sent } = world();
    const said = await tendCanary({
      ...ports,
      inventory: Object.assign(inventory, {
        loadInstallationRecord: () => Promise.reject(new KeyturnError('aws-failed', 'The table is gone.')),
      }),
    });
    assert.equal(said, 'unknown');
    assert.match(log.lines.join(), /could not be seen.*The table is gone\./);
    assert.deepEqual(sent, []);
  });
});

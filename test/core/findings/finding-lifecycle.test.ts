import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Observation, Severity } from '../../../functions/core/findings/findings.ts';
import {
  acknowledged,
  tracked,
  type About,
  type Tracked,
} from '../../../functions/core/findings/finding-lifecycle.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const ABOUT: About = { id: 'x', name: 'X', provider: 'gitlab', owner: 'team', environment: 'production' };
const NOTHING: Tracked = { findings: [], outbox: [] };

function seen(severity: Severity, subject = ''): Observation {
  return { kind: 'token-expiring', subject, severity, detail: 'It ends.' };
}

function steps(record: Tracked): string[] {
  return record.outbox.flatMap((fact) =>
    fact.type === 'finding' ? [`${fact.subject}${fact.change} ${fact.severity}`] : [],
  );
}

describe('tracked findings', () => {
  it('open, get worse and are over, each told once, and never get better by themselves', () => {
    const severities: (Severity | undefined)[] = [
      'info',
      'info',
      'critical',
      'warning',
      undefined,
      undefined,
    ];
    const last = severities.reduce<Tracked>(
      (record, severity, hour) => tracked(record, ABOUT, severity ? [seen(severity)] : [], T0 + hour * HOUR),
      NOTHING,
    );
    assert.deepEqual(steps(last), ['opened info', 'escalated critical', 'resolved critical']);
  });

  it('are acknowledged by a person once, and no longer when they get worse', () => {
    const open = tracked(NOTHING, ABOUT, [seen('info', 'a'), seen('info', 'b')], T0);
    const taken = acknowledged(open, ABOUT, 'token-expiring', { by: 'ann', now: T0 + 1 });
    assert.deepEqual(steps(taken).slice(2), ['aacknowledged info', 'backnowledged info']);
    assert.deepEqual(taken.findings[0]?.acknowledged, { at: T0 + 1, by: 'ann' });
    assert.equal(acknowledged(taken, ABOUT, undefined, { by: 'bob', now: T0 + 2 }), taken);
    assert.equal(acknowledged(open, ABOUT, 'credential-orphaned', { by: 'ann', now: T0 + 1 }), open);
    const same = tracked(taken, ABOUT, [seen('info', 'a'), seen('critical', 'b')], T0 + 3);
    assert.deepEqual(
      same.findings.map((one) => one.acknowledged?.by),
      ['ann', undefined],
    );
  });

  it('of several subjects are several findings', () => {
    const two = tracked(NOTHING, ABOUT, [seen('info', 'a'), seen('info', 'b')], T0);
    assert.deepEqual(steps(tracked(two, ABOUT, [seen('info', 'b')], T0 + 1)), [
      'aopened info',
      'bopened info',
      'aresolved info',
    ]);
  });

  it('are remembered for ninety days once they are over', () => {
    const over = tracked(tracked(NOTHING, ABOUT, [seen('info')], T0), ABOUT, [], T0 + 1);
    assert.equal(tracked(over, ABOUT, [], T0 + 89 * DAY).findings.length, 1);
    assert.equal(tracked(over, ABOUT, [], T0 + 91 * DAY).findings.length, 0);
  });

  it('carry numbers that only grow, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom<(Severity | undefined)[]>(undefined, 'info', 'warning', 'critical'),
            fc.nat({ max: 5 }),
          ),
        ),
        (days) => {
          let now = T0;
          const last = days.reduce<Tracked>(
            (record, [severity, hours]) =>
              tracked(record, ABOUT, severity ? [seen(severity)] : [], (now += hours * HOUR)),
            NOTHING,
          );
          const sequences = last.outbox.flatMap((fact) => (fact.type === 'finding' ? [fact.sequence] : []));
          assert.deepEqual(
            sequences,
            [...new Set(sequences)].sort((a, b) => a - b),
          );
        },
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { T0 } from '../../fakes/tokens.ts';
import { NOW, PROVEN, judge, said, usedAt, ECS, ROLE } from './evidence-cases.ts';

describe('a policy', () => {
  it('of consumers needs every one of them; with none declared nothing can show a move', () => {
    assert.match(said(judge('consumers', [{ ...ECS, delivery: PROVEN }, ROLE])), /^worker: nothing/);
    assert.equal(
      said(judge('consumers', [])),
      'consumers: none is declared, so nothing can show that they moved',
    );
  });

  it('of all needs the issuer and the consumers, and is strong', () => {
    const moved = [{ ...ECS, delivery: PROVEN }];
    assert.match(said(judge('all', moved, usedAt(T0))), /^strong: issuer .*; api delivered/);
    assert.match(said(judge('all', moved, usedAt(NOW))), /^issuer: it was last used/);
    assert.match(said(judge('all', [ROLE], usedAt(T0))), /^worker: nothing/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { structuredLog, type LogSink } from '../../functions/adapters/log.ts';
import type { Log } from '../../functions/core/ports/log.ts';
import { Secret } from '../../functions/core/basics/secret.ts';

function recording(): { lines: unknown[]; log: Log } {
  const lines: unknown[] = [];
  const write = (level: string) => (message: string, fields: object) =>
    void lines.push([level, message, fields]);
  const sink: LogSink = { info: write('info'), warn: write('warn'), error: write('error') };
  return { lines, log: structuredLog(sink) };
}

describe('the log', () => {
  it('writes plain fields at each level', () => {
    const { lines, log } = recording();
    log.info('a', { tokenId: 't', count: 1, done: true, nothing: undefined });
    log.warn('b');
    log.error('c', { code: 'conflict' });
    assert.deepEqual(lines, [
      ['info', 'a', { tokenId: 't', count: 1, done: true }],
      ['warn', 'b', {}],
      ['error', 'c', { code: 'conflict' }],
    ]);
  });

  it('drops whatever is no plain value, even where the types were got around', () => {
    const { lines, log } = recording();
    const fields: Record<string, string> = { tokenId: 't' };
    Object.assign(fields, {
      secret: new Secret('canary'),
      event: { RotationToken: 'canary' },
      list: ['canary'],
    });
    log.info('a', fields);
    assert.deepEqual(lines, [['info', 'a', { tokenId: 't' }]]);
  });

  it('shortens long texts', () => {
    const { lines, log } = recording();
    log.info('a', { reason: 'x'.repeat(5_000) });
    assert.deepEqual(lines, [['info', 'a', { reason: 'x'.repeat(500) }]]);
  });
});

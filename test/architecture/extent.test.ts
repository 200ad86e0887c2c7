import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AT_LENGTH } from '../together/load.ts';
import { SOURCES } from './sources.ts';

describe('a test of which npm test tries a part', () => {
  it('is in a room that npm run test:long runs whole, or is a contract that such a room runs', () => {
    const rooms = [...AT_LENGTH, 'contracts'].map((room) => `test/${room}/`);
    const takers = SOURCES.filter(({ imports }) => imports.some(({ to }) => to === 'test/extent.ts'));
    assert.ok(takers.length > 30, 'hardly anything is tried in part');
    assert.deepEqual(
      takers.map(({ path }) => path).filter((path) => !rooms.some((room) => path.startsWith(room))),
      [],
    );
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { startIssuers } from '../../../lib/sandbox/issuers/index.ts';
import { SANDBOX_SETTINGS } from '../../../lib/sandbox/runtime/settings.ts';

test('the sandbox deploys every issuer that it runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-sandbox-'));
  try {
    const issuers = await startIssuers({ clock: new VirtualClock(0), folder });
    await Promise.all(issuers.map((issuer) => issuer.close()));
    assert.deepEqual(
      Object.keys(SANDBOX_SETTINGS.issuers).sort(),
      issuers.map(({ provider }) => provider).sort(),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

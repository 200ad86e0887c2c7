import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedText } from '../../../functions/core/basics/bounded-body.ts';

test('an answer is read whole up to the bound, and not an end further', async () => {
  assert.equal(await boundedText(new Response('äbc'), 4), 'äbc');
  assert.equal(await boundedText(new Response(null), 0), '');
  await assert.rejects(
    boundedText(new Response('PLANTED'), 6),
    (error) =>
      error instanceof Error &&
      /had more than 6 bytes/.test(error.message) &&
      !error.message.includes('PLANTED'),
  );
  let pulled = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (to) => (pulled++, to.enqueue(new Uint8Array(10))),
    cancel: () => void (isCancelled = true),
  });
  await assert.rejects(boundedText(new Response(endless), 100), /not read to its end/);
  assert.ok(pulled < 20 && isCancelled);
});

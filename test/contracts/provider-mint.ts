import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as z from 'zod';
import {
  SECRET,
  assertRefused,
  isCreation,
  issue,
  marked,
  withSetup,
  type ProviderContract,
  type Setup,
} from './setup.ts';
import { assertCode, everythingIn, rejection } from './world.ts';

const Fields = z.record(z.string(), z.unknown());

/**
 * After an id has arrived, nothing is lost and nothing thrown: what was made otherwise than asked is told;
 * part of the provider contract.
 */
export function defineMadeContract(contract: ProviderContract): void {
  const { made, form } = contract;
  if (made === undefined) return;
  const { id, value, half = id } = made;
  const keep = [id, value, half].map((path) => path.split('.'));

  /** Has the issuer make it, and changes the answer on its way. */
  function altering(
    { issuer, world }: Setup,
    change: (fields: Record<string, unknown>) => Record<string, unknown>,
  ): void {
    world.intercept(async (request) => {
      if (!(await isCreation(contract, request))) return undefined;
      const answer = await issuer.fetch(request.clone());
      const text = await answer.text();
      const changed = change(Fields.parse(form ? form.read(text) : JSON.parse(text)));
      const { status } = answer;
      return form ? form.write(status, changed) : Response.json(changed, { status });
    });
  }

  async function minted(setup: Setup) {
    assert.ok(setup.session.kind === 'minting');
    const result = await setup.session.mint({ marker: marked(1), expiresAt: undefined });
    setup.world.intercept(undefined);
    const [truth] = (await setup.issuer.credentials(SECRET)).filter((one) => one.handle === result.handle);
    assert.ok(truth?.live, 'the handle is the one that was made');
    return { ...result, truth };
  }

  it('tells nothing of a credential that is as asked, and when it was made', () =>
    withSetup(contract, async (setup) => {
      const { differs, createdAt, value, truth } = await minted(setup);
      assert.equal(differs, undefined);
      assert.equal(value.reveal(), truth.value);
      if (contract.isUndated) assert.equal(createdAt, undefined);
      else assert.ok(createdAt !== undefined && Math.abs(createdAt - truth.createdAt) < 1_000);
    }));

  for (const [name, oddly] of [
    ['otherwise than documented', () => ({ odd: true })],
    ['missing', () => undefined],
    ['null', () => null],
  ] as const)
    it(`returns what was made when all else of the answer is ${name}`, () =>
      withSetup(contract, async (setup) => {
        let isChanged = false;
        altering(setup, (fields) => {
          const changed = allBut(fields, keep, oddly);
          isChanged = JSON.stringify(changed) !== JSON.stringify(fields);
          return changed;
        });
        const { differs, value, truth } = await minted(setup);
        // Some answers hold an id and a value, and nothing else.
        assert.equal(differs !== undefined, isChanged);
        assert.match(differs ?? 'none', /^[a-z][^.]*$/);
        assert.equal(value.reveal(), truth.value);
      }));

  it('returns what was made when the answer has no value, with a text that is none', () =>
    withSetup(contract, async (setup) => {
      altering(setup, (fields) => without(fields, made.value.split('.')));
      const { differs, value, truth } = await minted(setup);
      assert.equal(differs, 'no value');
      assert.notEqual(value.reveal(), truth.value);
      const probe = await setup.session.probe(value);
      if (contract.spacesAreUnknown) assert.equal(probe.outcome, 'unknown');
      else assertRefused(contract, probe);
    }));

  it('takes an answer without an id for lost, and keeps its value out of the error', () =>
    withSetup(contract, async (setup) => {
      altering(setup, (fields) => without(fields, made.id.split('.')));
      const error = await rejection(issue(setup.session, marked(1)));
      assertCode(error, 'issuer-response-invalid');
      const [lost] = await setup.issuer.credentials(SECRET);
      assert.ok(lost?.live && !everythingIn(error).includes(lost.value));
    }));
}

/** Fields with all odd but those that are kept, and what these lie in. */
function allBut(
  fields: Record<string, unknown>,
  keep: readonly (readonly string[])[],
  oddly: () => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const below = keep.filter(([first]) => first === key).map(([, ...rest]) => rest);
      if (below.length === 0) return [key, oddly()];
      return [
        key,
        below.some((rest) => rest.length === 0) ? value : allBut(Fields.parse(value), below, oddly),
      ];
    }),
  );
}

function without(
  fields: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
): Record<string, unknown> {
  const { [key]: left, ...others } = fields;
  return rest.length === 0 ? others : { ...others, [key]: without(Fields.parse(left), rest) };
}

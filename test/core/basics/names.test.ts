import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  isPin,
  markerOf,
  markerPrefix,
  pinOf,
  requestTokenOf,
  secretNameOf,
  tokenIdOf,
} from '../../../functions/core/basics/names.ts';

const names = fc.string({
  unit: fc.constantFrom(...'abcXYZ019/_+=.@-'.split('')),
  minLength: 1,
  maxLength: 60,
});
const suffixes = fc.string({ unit: fc.constantFrom(...'abcXYZ019'.split('')), minLength: 6, maxLength: 6 });
const partitions = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov');
const installations = fc.record({
  account: fc.stringMatching(/^\d{12}$/),
  region: fc.constantFrom('eu-west-1', 'us-east-1', 'eu-central-1'),
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/),
});
const versions = fc.uuid();
const arns = fc
  .tuple(names, suffixes)
  .map(([name, suffix]) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-${suffix}`);

describe('names of tokens', () => {
  it('come from the ARN alone, in every partition', () => {
    fc.assert(
      fc.property(partitions, names, suffixes, (partition, name, suffix) => {
        const arn = `arn:${partition}:secretsmanager:eu-west-1:111122223333:secret:${name}-${suffix}`;
        assert.equal(tokenIdOf(arn), `${name}-${suffix}`);
        assert.equal(secretNameOf(arn), name);
      }),
    );
  });

  it('refuse what is no ARN of a secret', () => {
    for (const text of [
      '',
      'prod/app',
      'arn:aws:secretsmanager:eu-west-1:111122223333',
      'arn:aws:secretsmanager:eu-west-1:1:secret:',
    ])
      assert.throws(() => tokenIdOf(text), TypeError);
  });
});

describe('markers', () => {
  it('are the same for the same installation, secret and version', () => {
    fc.assert(
      fc.property(installations, arns, versions, (installation, arn, version) =>
        assert.equal(markerOf({ ...installation }, arn, version), markerOf(installation, arn, version)),
      ),
    );
  });

  it('never collide across installations, secrets and versions', () => {
    fc.assert(
      fc.property(
        fc.tuple(installations, installations),
        fc.tuple(arns, arns),
        fc.tuple(versions, versions),
        ([one, other], [arn, otherArn], [version, otherVersion]) => {
          const mine = markerOf(one, arn, version);
          if (version !== otherVersion) assert.notEqual(mine, markerOf(one, arn, otherVersion));
          if (arn !== otherArn)
            assert.ok(!markerOf(one, otherArn, version).startsWith(markerPrefix(one, arn)));
          if (JSON.stringify(one) !== JSON.stringify(other))
            assert.ok(!markerOf(other, arn, version).startsWith(markerPrefix(one, arn)));
        },
      ),
    );
  });

  it('tell apart installations of one name in two accounts or two Regions', () => {
    const scope = { account: '111122223333', region: 'eu-west-1', name: 'main' };
    const prefixes = [
      scope,
      { ...scope, account: '444455556666' },
      { ...scope, region: 'us-east-1' },
      { ...scope, name: 'second' },
    ].map((one) => markerPrefix(one, 'arn'));
    assert.equal(new Set(prefixes).size, 4);
  });

  it('are plain, short and start with their prefix, so that every issuer takes them', () => {
    fc.assert(
      fc.property(installations, arns, versions, (installation, arn, version) => {
        const marker = markerOf(installation, arn, version);
        assert.match(marker, /^keyturn-[0-9a-f]{10}-[0-9a-f]{12}-[0-9a-f]{16}$/);
        assert.ok(marker.startsWith(markerPrefix(installation, arn)));
        assert.ok(!marker.includes(installation.account), 'an issuer need not learn the account');
      }),
    );
  });
});

describe('request tokens', () => {
  it('are UUIDs of version 8, the same for the same reason and another one otherwise', () => {
    fc.assert(
      fc.property(names, fc.string(), fc.string(), (id, reason, other) => {
        const token = requestTokenOf(id, reason);
        assert.match(token, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(requestTokenOf(id, reason), token);
        if (other !== reason) assert.notEqual(requestTokenOf(id, other), token);
      }),
    );
  });
});

describe('pins', () => {
  it('are one label a version, and no label of Secrets Manager is one', () => {
    fc.assert(
      fc.property(versions, versions, (one, other) => {
        assert.ok(isPin(pinOf(one)));
        assert.ok(pinOf(one).length <= 256);
        if (one !== other) assert.notEqual(pinOf(one), pinOf(other));
      }),
    );
    assert.deepEqual(['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'keyturn'].map(isPin), [
      false,
      false,
      false,
      false,
    ]);
  });
});

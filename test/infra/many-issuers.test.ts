import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { Keyturn } from '../../lib/infra/index.ts';
import { tooManyResources } from '../../lib/infra/stack-limits.ts';
import { sizesOf, withIssuers } from './sizes.ts';
import { makeApp } from './synth.ts';

const EVERY = Object.fromEntries(DESCRIPTORS.map(({ id }) => [id, {}]));

describe('every issuer with every other setting in one stack', () => {
  const sizes = sizesOf(withIssuers(DESCRIPTORS.length, { full: true }));

  it('has no more resources than CloudFormation takes, in a template that it takes', () => {
    assert.ok(sizes.resources <= 500, String(sizes.resources));
    // "CloudFormation quotas": 1 MB in an object of S3.
    assert.ok(sizes.template <= 1_000_000, String(sizes.template));
  });

  it('has policies that IAM takes', () => {
    // "IAM and AWS STS quotas": characters of a managed policy, and of all inline policies of a role.
    assert.ok(sizes.managedPolicy <= 6_144, String(sizes.managedPolicy));
    assert.ok(sizes.inlinePolicies <= 10_240, String(sizes.inlinePolicies));
  });
});

describe('a stack of more resources than CloudFormation takes', () => {
  it('is refused at synth, with the number and what to do', () => {
    const app = makeApp();
    const stack = new Stack(app, 'both');
    new Keyturn(stack, 'First', { installation: 'first', issuers: EVERY });
    new Keyturn(stack, 'Second', { installation: 'second', issuers: EVERY });
    assert.throws(
      () => app.synth(),
      /stack both has \d{3} resources.*at most 500.*fewer issuers.*second installation/s,
    );
  });

  it('is told from one that is just large enough', () => {
    assert.equal(tooManyResources('main', 500), undefined);
    assert.match(tooManyResources('main', 501) ?? '', /^The stack main has 501 resources/);
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutUndefined, PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { DEFAULT_POLICY, Policy } from '../../../functions/core/policy/policy.ts';
import { contradictionIn } from '../../../functions/core/policy/self-contradictions.ts';

function policyOf(input: PolicyInput): Policy {
  return Policy.parse({ ...DEFAULT_POLICY, ...withoutUndefined(PolicyInput.parse(input)) });
}

const NIGHT = 'mon-fri 22:00-04:00 UTC';
const CONTRADICTIONS: readonly [PolicyInput, RegExp][] = [
  [{ rotateEvery: '91d' }, /^rotateEvery 91d is longer than maxAge 90d: shorten/],
  [{ rotateEvery: '59m' }, /^rotateEvery 59m is shorter than 1h: write 1h or more/],
  [{ jitter: '30d' }, /^jitter 30d is not shorter than rotateEvery 30d: .* shorten jitter/],
  [{ maxLifetime: '30d' }, /^maxLifetime 30d is not longer than rotateEvery 30d: .* raise maxLifetime/],
  [{ maxLifetime: '91d' }, /^maxLifetime 91d is longer than maxAge 90d: shorten/],
  [
    { rotateAfter: 'staging/ci', soakTime: '90d' },
    /^soakTime 90d is not shorter than maxAge 90d: .* shorten soakTime/,
  ],
  [{ minGrace: '8d' }, /^minGrace 8d is longer than maxGrace 7d: shorten/],
  [{ disableWait: '31d' }, /^disableWait 31d is longer than 30d: .* write 30d or less/],
  [{ cacheTtl: '8d' }, /^cacheTtl 8d is longer than maxGrace 7d: .* raise maxGrace/],
  [{ rotateEvery: '2h' }, /^minGrace 2h is not shorter than rotateEvery 2h: .* shorten minGrace/],
  [
    { healthSignals: ['errors-high'], bakeTime: '8d' },
    /^bakeTime 8d is longer than maxGrace 7d: .* shorten bakeTime/,
  ],
  [
    { rotationWindows: [NIGHT], freezes: ['2026-01-01..2026-05-01 UTC'] },
    /^rotationWindows and freezes leave no time to rotate within maxAge 90d: widen/,
  ],
  [
    { freezes: ['2026-01-01..2026-03-31 UTC'] },
    /^rotationWindows and freezes leave no time to rotate within maxAge 90d/,
  ],
  [
    { rotationWindows: ['sun 02:00-03:00 UTC'], maxAge: '5d', rotateEvery: '2d', rotateBeforeExpiry: '1d' },
    /^rotationWindows and freezes leave no time to rotate within maxAge 5d/,
  ],
  [
    { rotationWindows: [NIGHT], maxAge: '14d', rotateEvery: '7d' },
    /^rotateBeforeExpiry 14d is not shorter than maxAge 14d: no rotation could ever wait .* shorten rotateBeforeExpiry/,
  ],
];

for (const [input, sentence] of CONTRADICTIONS)
  it(`a policy such as ${JSON.stringify(input)} contradicts itself, with the reason`, () =>
    assert.match(contradictionIn(policyOf(input)) ?? '', sentence));

it('the default does not contradict itself', () => assert.equal(contradictionIn(DEFAULT_POLICY), undefined));

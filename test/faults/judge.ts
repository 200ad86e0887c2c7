import { isUnderWay, knownHandles, liveGenerations } from '../../functions/core/token.ts';
import type { FaultPlan } from '../world/faults.ts';
import { isDisturbance } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import type { Consumer } from './consumer.ts';

const SECRET = 'prod/app/token';

/** What must hold two sweeps after any fault: one current credential that works, nothing live that is not on record, no AWSPENDING left behind. */
export async function judge(world: World, arn: string, plan: FaultPlan | undefined): Promise<string[]> {
  const record = await world.record(arn);
  if (!record) return ['the token is not in the inventory'];
  const labels = await world.labels(arn);
  const current = [...labels].find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  const pending = [...labels].find(([, stages]) => stages.includes('AWSPENDING'))?.[0];
  const issued = (await world.issuer.credentials(SECRET)).filter((one) => one.live);
  const text = current === undefined ? '' : await world.read(arn);
  const violations: string[] = [];
  const isDeadKnown = record.findings.some((one) => one.state === 'open' && one.kind === 'token-dead');
  if (!issued.some((one) => text.includes(one.value)) && !isDeadKnown) violations.push('AWSCURRENT names a credential that its issuer does not know as live');
  if (pending !== undefined && pending !== current && !record.attempts.some((one) => one.id === pending && isUnderWay(one))) violations.push('AWSPENDING is left on a version that no attempt owns');
  const known = knownHandles(record);
  for (const one of issued) if (!known.has(one.handle) && !isPersons(plan)) violations.push(`the live credential ${one.handle} is on no record`);
  return violations;
}

/** A person who kills the credential in use, or points AWSCURRENT at a dead one, breaks consumers; then a finding must say so. */
function mayBreakConsumers(plan: FaultPlan | undefined): boolean {
  return plan?.fault === 'killed-by-hand' || plan?.fault === 'labels-moved';
}

function isPersons(plan: FaultPlan | undefined): boolean {
  return plan?.fault === 'value-put-by-hand';
}

/** What must hold at the end of a life, with all grace over. */
export async function judgeEnd(world: World, arn: string, life: { consumer: Consumer; plan: FaultPlan | undefined; byHand: string }): Promise<string[]> {
  const violations = await judge(world, arn, life.plan);
  const record = await world.record(arn);
  if (!record) return violations;
  const issued = (await world.issuer.credentials(SECRET)).filter((one) => one.live);
  const lives = liveGenerations(record);
  const byPerson = life.plan !== undefined && isDisturbance(life.plan.fault);
  if (record.attempts.some(isUnderWay)) violations.push('an attempt is still under way');
  if (record.attempts.some((one) => !isUnderWay(one) && one.tidy !== true)) violations.push('an attempt is not accounted for');
  if (record.outbox.length > 0) violations.push('facts wait in the outbox');
  if (!byPerson && issued.length !== 1) violations.push(`${issued.length} credentials live at the issuer, not one: ${issued.map((one) => one.handle).join(', ')}`);
  if (!byPerson && lives.length !== 1) violations.push(`${lives.length} generations live on record, not one: ${lives.map((one) => `${one.id} ${one.state}`).join(', ')}`);
  if (record.generations.filter((one) => one.state === 'current').length !== 1) violations.push('not exactly one generation is current');
  if (life.consumer.calls() < 50) violations.push('the consumer hardly used the token');
  if (life.consumer.failures() > 0 && !mayBreakConsumers(life.plan)) violations.push(`${life.consumer.failures()} calls of the consumer were refused by the issuer`);
  if (!byPerson && record.findings.some((one) => one.state === 'open')) violations.push(`a finding is open without cause: ${record.findings.filter((one) => one.state === 'open').map((one) => one.kind).join(', ')}`);
  if (world.queue.dead.length > 0) violations.push(`${world.queue.dead.length} commands ended in the dead-letter queue`);
  return [...violations, ...(await leaks(world))];
}

/** Searches everything the product wrote for values that only the issuer and Secrets Manager may hold. */
async function leaks(world: World): Promise<string[]> {
  const values = (await world.issuer.credentials(SECRET)).map((one) => one.value);
  const places: [string, string][] = [
    ['inventory', world.inventory.dump()],
    ['facts', JSON.stringify(world.facts)],
    ['log', world.logged.join('\n')],
    ['errors', world.errors.join('\n')],
    ['commands', JSON.stringify(world.queue.sent)],
  ];
  return places.flatMap(([place, text]) => ([...values, 'canary-in-a-body'].some((value) => text.includes(value)) ? [`a secret value is in the ${place}`] : []));
}

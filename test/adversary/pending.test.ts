import { test } from 'node:test';
import { SUBJECTS, adopted, inGrace, rotateOnce, recordOf, send, CALM, oldOf, drive } from '../proofs/house.ts';
import { HOUR, MINUTE, DAY } from '../../functions/core/time.ts';
import { currentOf } from '../../functions/core/token.ts';
const gitlab = SUBJECTS.find((one) => one.id === 'gitlab')!;
const show = async (home: any, when: string) => {
  const t = await recordOf(home);
  const labels = [...(await home.world.labels(home.arn))].map(([v, l]: any) => v.slice(0, 6) + ':' + l.join('+'));
  console.log(when, '| labels', labels.join(' '), '| gens', t.generations.map((g: any) => g.id.slice(0, 6) + ':' + g.state).join(' '), '| attempts', t.attempts.map((a: any) => a.id.slice(0, 6) + ':' + a.state + (a.tidy ? '' : '!tidy')).join(' '), '| lastError', t.lastError?.code, t.lastError?.message?.slice(0, 140), '| failures', t.failures);
};
test('normal rollback after a finished rotation, then another rotation', async () => {
  const home = await inGrace(gitlab, { tags: CALM });
  await show(home, 'after one rotation');
  await rotateOnce(home);
  await show(home, 'after a second rotation');
  const t = await recordOf(home);
  const old = t.generations.find((g: any) => g.state === 'previous' && g.versionId)!;
  await send(home.world, home.arn, { kind: 'rollback', generationId: old.id });
  await show(home, 'after rollback');
  await home.world.clock.advanceBy(20 * MINUTE);
  home.world.startSchedules();
  await home.world.clock.advanceBy(30 * MINUTE);
  await show(home, '50 min later, sweeps on');
  const ok = await send(home.world, home.arn, { kind: 'rotate' });
  await home.world.clock.advanceBy(10 * MINUTE);
  await show(home, 'asked to rotate: ' + ok);
  for (const h of [6, 24, 24 * 7]) { await home.world.clock.advanceBy(h * HOUR); await show(home, `${h} h later`); }
  console.log('errors', home.world.errors.slice(-6));
});
import { SecretsManagerClient, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
test('after a rollback Secrets Manager (or its console) takes the labelled version up again', async () => {
  const home = await inGrace(gitlab, { tags: CALM });
  const t = await recordOf(home);
  const bad = currentOf(t)!;
  const old = t.generations.find((g: any) => g.state === 'previous' && g.versionId)!;
  await send(home.world, home.arn, { kind: 'rollback', generationId: old.id });
  await show(home, 'after rollback');
  const client = new SecretsManagerClient((home.world as any).aws.clientConfig({ kind: 'root' }));
  try { const r = await client.send(new RotateSecretCommand({ SecretId: home.arn, ClientRequestToken: bad.id })); console.log('RotateSecret', r.VersionId?.slice(0, 6)); } catch (e: any) { console.log('RotateSecret', e.name, e.message); }
  await home.world.clock.advanceBy(20 * MINUTE);
  await show(home, '20 min after');
  console.log('errors', home.world.errors.slice(-6));
});
import { withPorts } from '../proofs/house.ts';
import { rotate } from '../../functions/use-cases/rotate/index.ts';
test('after a rollback the service reattempts the labelled version (steps)', async () => {
  const home = await inGrace(gitlab, { tags: CALM });
  const t = await recordOf(home);
  const bad = currentOf(t)!;
  const old = t.generations.find((g: any) => g.state === 'previous' && g.versionId)!;
  await send(home.world, home.arn, { kind: 'rollback', generationId: old.id });
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    try { await drive(home.world, () => withPorts(home.world, (ports) => rotate({ step, secretArn: home.arn, requestToken: bad.id } as any, (home.world as any).provider, ports))); console.log(step, 'ok'); } catch (e: any) { console.log(step, e.code, e.message?.slice(0, 160)); }
  }
  await show(home, 'after the reattempt');
});
import { incidentOf, report } from '../proofs/leaks.ts';
import { isLive } from '../proofs/house.ts';
import { SECOND } from '../../functions/core/time.ts';
test('a leak after a rollback with the label left', async () => {
  const home = await inGrace(gitlab, { tags: CALM });
  const t = await recordOf(home);
  const old = t.generations.find((g: any) => g.state === 'previous' && g.versionId)!;
  await send(home.world, home.arn, { kind: 'rollback', generationId: old.id });
  await home.world.clock.advanceBy(30 * MINUTE);
  const cur = currentOf(await recordOf(home))!;
  home.world.startSchedules();
  await report(home, { fingerprint: cur.fingerprint!, exposedAt: home.world.clock.now() - MINUTE }).catch((e: any) => console.log('report', e.message));
  for (const h of [5 / 60, 1, 6, 24, 72]) {
    await home.world.clock.advanceBy(h * HOUR);
    const r = await recordOf(home);
    const { incident } = await incidentOf(home, cur.id);
    console.log(`+${h.toFixed(2)} h: leaked credential live at the issuer:`, await isLive(home.world, cur.handle!), '| contained', incident?.containedAt, 'replaced', incident?.replacedAt, '| findings', r.findings.filter((f: any) => f.state === 'open').map((f: any) => f.kind + ':' + f.severity).join(' '), '| err', r.lastError?.code);
  }
  await show(home, 'end');
});

import { KeyturnError } from '../../core/basics/errors.ts';
import { nextText } from '../../core/secret-text/next-text.ts';
import type { Payload } from '../../core/secret-text/secret-text.ts';
import { notedPlace } from '../../core/secret-text/value-place.ts';
import { faultOf } from '../../core/secret-text/storable.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Mint } from '../../core/token/attempt.ts';
import { sealOf } from './provenance.ts';
import type { Step } from './step.ts';

export async function store(
  step: Step,
  made: {
    previous: Payload;
    value: Secret;
    fields: Readonly<Record<string, string>> | undefined;
    mint: Mint & { fingerprint: string };
  },
  ports: Ports,
): Promise<void> {
  const { handle, fingerprint, at, expiresAt, reach } = made.mint;
  const seal = await sealOf(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, handle, fingerprint, reach },
    ports,
  );
  const stamp = {
    mintedAt: at,
    seal,
    ...(reach && { reach }),
    ...notedPlace(step.place),
    ...(handle === undefined ? {} : { handle }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const text = nextText(made.previous, {
    value: made.value,
    stamp,
    ...(made.fields ? { fields: made.fields } : {}),
  });
  const fault = faultOf(text, made.value, step.place);
  if (fault !== undefined)
    throw new KeyturnError(
      'issuer-response-invalid',
      `The issuer of ${step.secret.name} ${fault}; the token was given up.`,
    );
  await putOnce(step, text, ports);
}

/** Whether a call without a clear answer took effect the version itself tells. */
async function putOnce(step: Step, text: Secret, ports: Ports): Promise<void> {
  const { secret, event } = step;
  try {
    await ports.secrets.putPending(secret.arn, event.requestToken, text, event.rotationToken);
  } catch (error) {
    const held = await ports.secrets.read(secret.arn, event.requestToken).catch(() => undefined);
    if (held?.equals(text) !== true) throw error;
  }
}

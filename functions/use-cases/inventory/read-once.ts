import type { Ports } from '../../core/ports/ports.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';

/**
 * The same ports, which read each version of a secret once: "you cannot modify an existing version" (Secrets
 * Manager API Reference, "CreateSecret", ClientRequestToken), so a run that asks several questions of one
 * need not ask Secrets Manager each time. A version without a value may still get one, and a read that failed
 * may succeed: neither is kept. For one run, never longer: the texts stay in memory for as long as these
 * ports.
 */
export function readingOnce(ports: Ports): Ports {
  const known = new Map<string, ReturnType<SecretStore['read']>>();
  const read: SecretStore['read'] = (secretArn, versionId) => {
    const key = `${secretArn}\n${versionId}`;
    const before = known.get(key);
    if (before) return before;
    const reading = ports.secrets.read(secretArn, versionId);
    known.set(key, reading);
    const forget = (): boolean => known.delete(key);
    reading.then((text) => text ?? forget(), forget);
    return reading;
  };
  return { ...ports, secrets: { ...ports.secrets, read } };
}

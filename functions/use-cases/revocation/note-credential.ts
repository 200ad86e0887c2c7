import { withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Credential } from '../../core/token/credential.ts';
import { DAY, HOUR, MINUTE } from '../../core/basics/time.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';

export const LOOK_AGAIN = 10 * MINUTE;

export const LOOK_AGAIN_REFUSED = HOUR;

export const LOOK_AGAIN_UNMANAGED = DAY;

export function note(work: Work, id: string, fields: Partial<Credential>, ports: Ports): Promise<Loaded> {
  return change(work.record, ports, (token) => withCredential(token, id, (one) => ({ ...one, ...fields })));
}

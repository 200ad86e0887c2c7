import type { Ports } from '../../core/ports/ports.ts';
import { rotate as takeStep, type RotationEvent } from '../rotation/index.ts';
import { replaceAndStore } from './replace-secret.ts';

/**
 * One step of a rotation, as Secrets Manager asks for it, with the guard at hand that a creation asks which
 * ends the value before. `provider` is the one this function was deployed for. Errors: any; Secrets Manager
 * then repeats the whole rotation under the same ClientRequestToken.
 */
export function rotate(event: RotationEvent, provider: string, ports: Ports): Promise<void> {
  return takeStep(event, provider, { ...ports, replaceValue: replaceAndStore });
}

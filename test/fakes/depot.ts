import type { ConsumerKind } from '../../functions/core/consumers/consumer-kinds.ts';
import type { Courier, Parcel } from '../../functions/core/delivery/courier.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';

/** A place that values are brought to, and what was brought there in which order. */
export class Depot implements Courier {
  readonly kind: ConsumerKind;
  readonly taken: {
    readonly target: string;
    readonly versionId: string;
    readonly value: string;
    readonly parcel: string;
  }[] = [];
  /** Set to make it refuse what is brought. */
  refusal: KeyturnError | undefined;
  /** Runs in the middle of a delivery, when the value was read and is not yet handed over. */
  midway: ((parcel: Parcel) => Promise<void>) | undefined;

  constructor(kind: ConsumerKind = 'github') {
    this.kind = kind;
  }

  async carry(
    parcel: Parcel,
    value: () => Promise<{ reveal(): string }>,
  ): Promise<{ outcome: 'proven'; proof: string }> {
    if (this.refusal) throw this.refusal;
    const text = (await value()).reveal();
    await this.midway?.(parcel);
    this.taken.push({
      target: parcel.consumer.target,
      versionId: parcel.versionId,
      value: text,
      parcel: parcel.id,
    });
    return { outcome: 'proven', proof: 'the depot has it' };
  }

  get latest(): string | undefined {
    return this.taken.at(-1)?.value;
  }
}

import type { Fact } from '../../core/findings/events.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { upstreamReportIn } from '../../core/rotation/upstreams.ts';

/** A fact that another installation forwarded, and where it came from. */
export interface Forwarded {
  readonly fact: Fact;
  readonly account: string;
  readonly region: string;
}

/**
 * Keeps what another installation says of its tokens, for those here that follow them. Starts nothing: they
 * are looked at when they want to rotate.
 */
export async function hear(
  { fact, account, region }: Forwarded,
  ports: Pick<Ports, 'inventory' | 'now'>,
): Promise<void> {
  for (const said of upstreamReportIn(fact, { account, region }, ports.now()))
    await ports.inventory.hear(said);
}

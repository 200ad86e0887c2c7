import * as z from 'zod';
import { DeliveryGrant } from '../core/delivery/consumer-grants.ts';
import { CommonEnv, ConsumerKinds, jsonOf } from './common.env.ts';

const Grants = jsonOf(z.array(DeliveryGrant), 'is not a JSON list of grants');

export const DeliverEnv = CommonEnv.extend({
  /** The kinds of consumers this installation delivers to, separated by commas. */
  DELIVERY_KINDS: ConsumerKinds,
  /** Which tokens may have which ECS services deployed anew. */
  ECS_GRANTS: Grants,
  /** And which functions invoked. */
  LAMBDA_GRANTS: Grants,
  /** And which fields of other secrets hold their values. */
  SECRET_GRANTS: Grants,
  /**
   * Hosts that values and words may be sent to, separated by commas; empty means those that the delivery
   * secrets name.
   */
  DELIVERY_HOSTS: z.string(),
});

import { DiscoverySettings } from '../core/inventory/discovery-settings.ts';
import { CommonEnv, jsonOf } from './common.env.ts';

export const DiscoverEnv = CommonEnv.extend({
  /** The settings of discovery, as JSON text. */
  DISCOVERY: jsonOf(DiscoverySettings, 'is not the JSON of the settings of discovery'),
});

import { grafana } from '../../providers/grafana/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(grafana);

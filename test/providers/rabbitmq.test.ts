import { RabbitmqSimulator } from '../../lib/sandbox/issuers/rabbitmq.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { RABBITMQ } from './rabbitmq-contract.ts';

defineProviderContract({
  ...RABBITMQ,
  name: 'rabbitmq against its simulator',
  createIssuer: (clock) => new RabbitmqSimulator({ clock }),
});

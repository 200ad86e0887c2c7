import { awsIam } from '../../providers/aws-iam/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(awsIam);

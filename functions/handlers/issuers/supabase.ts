import { supabase } from '../../providers/supabase/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(supabase);

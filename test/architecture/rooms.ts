/**
 * Rooms of a folder, in an order in which each one imports from those before it alone. A room that is not
 * named here is not allowed.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'functions/core': [
    'basics',
    'findings',
    'issuer',
    'consumers',
    'policy',
    'token',
    'delivery',
    'validity',
    'incidents',
    'rotation',
    'revocation',
    'assessment',
    'secret-text',
    'detection',
    'inventory',
    'commands',
    'alerts',
    'ports',
  ],
  'functions/use-cases': [
    'inventory',
    'commands',
    'rotation',
    'open-token',
    'evidence',
    'revocation',
    'replacement',
    'inspection',
    'rollback',
    'retirement',
    'delivery',
    'incidents',
    'schedules',
    'alerts',
    'detection',
    'worker',
  ],
};

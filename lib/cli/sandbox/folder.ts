/** Where a sandbox keeps its files unless told otherwise. */
export const SANDBOX_FOLDER = '.keyturn/sandbox';

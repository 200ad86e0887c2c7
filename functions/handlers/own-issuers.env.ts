/**
 * The file beside each bundle that holds the issuers which users declare, as a JSON list. It is part of the
 * bundle, so that it changes with the code alone, and no variable or grant is needed to read it.
 */
export const OWN_ISSUERS_FILE = 'own-issuers.json';

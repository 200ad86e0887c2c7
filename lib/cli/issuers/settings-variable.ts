/** The variable that names the settings file, where it is not `keyturn.json` of this folder. */
export const SETTINGS_VARIABLE = 'KEYTURN_SETTINGS';

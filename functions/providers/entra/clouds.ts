/**
 * Where each Microsoft Graph has its tokens given. Source: learn.microsoft.com, "Microsoft Graph national
 * cloud deployments" and "National clouds" of the Microsoft identity platform.
 */
const LOGINS: ReadonlyMap<string, string> = new Map([
  ['https://graph.microsoft.com', 'https://login.microsoftonline.com'],
  ['https://graph.microsoft.us', 'https://login.microsoftonline.us'],
  ['https://dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
  ['https://microsoftgraph.chinacloudapi.cn', 'https://login.partner.microsoftonline.cn'],
]);

/** Where clients log in, beside the API. */
export function loginsAt(url: string): string {
  return LOGINS.get(url) ?? url.replace(/^https:\/\/graph\./, 'https://login.');
}

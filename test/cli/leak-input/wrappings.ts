/** One way in which people and tools write a value down. */
export type Wrapping = (value: string) => string;

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function percentAll(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

const asIs: Wrapping = (value) => value;

/**
 * Those that keep to one line. Sources of the forms: POSIX shell, dotenv, YAML 1.2, TOML 1.0, RFC 8259,
 * java.util.Properties, RFC 6750, RFC 7617, RFC 3986, npm's .npmrc, Python's .pypirc, .netrc,
 * git-credential-store, CommonMark.
 */
export const WRAPPINGS: Readonly<Record<string, Wrapping>> = {
  bare: asIs,
  'white space': (value) => `\t ${value}  `,
  'a shell assignment': (value) => `TOKEN=${value}`,
  'an exported one': (value) => `export TOKEN="${value}"`,
  'one in single quotes': (value) => `TOKEN='${value}' ./run.sh --fast`,
  'a default of a shell': (value) => `x="\${TOKEN:-${value}}"`,
  PowerShell: (value) => `$env:TOKEN = "${value}";`,
  cmd: (value) => `set TOKEN=${value}&& run`,
  YAML: (value) => `  token: ${value} # ours`,
  'YAML in a list': (value) => `- {name: token, value: '${value}'}`,
  TOML: (value) => `token = "${value}"`,
  ini: (value) => `token=${value}; comment`,
  properties: (value) => `acme.token : ${value}`,
  JSON: (value) => JSON.stringify({ a: 1, token: value, b: [true] }),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify({ token: value })),
  JavaScript: (value) => `const client = new Client({ token: \`${value}\`, retry: 3 });`,
  Go: (value) => `token := "${value}"`,
  Ruby: (value) => `{ :token => '${value}' }`,
  'an argument': (value) => `acme --token=${value} --all`,
  'a short option': (value) => `acme -t ${value}`,
  XML: (value) => `<password>${value}</password>`,
  'an attribute': (value) => `<a token="${value}"/>`,
  HTML: (value) => `&quot;${value}&quot;&nbsp;`,
  'curly quotes': (value) => `“${value}”`,
  guillemets: (value) => `«${value}»`,
  'a bearer header': (value) => `Authorization: Bearer ${value}`,
  'a token header': (value) => `authorization: token ${value}`,
  'a basic header': (value) => `Authorization: Basic ${base64(`oauth2:${value}`)}`,
  'a header of its own': (value) => `PRIVATE-TOKEN: ${value}`,
  'curl -H': (value) => `curl -sS -H 'PRIVATE-TOKEN: ${value}' https://git.example.com/api/v4/user`,
  'curl -u': (value) => `curl -u oauth2:${value} https://git.example.com/`,
  'curl -u without a blank': (value) => `curl -uuser:${value} https://git.example.com/`,
  'userinfo of a URL': (value) => `git clone https://oauth2:${value}@git.example.com/a/b.git`,
  'userinfo of a URL, encoded': (value) =>
    `https://oauth2:${encodeURIComponent(value)}@git.example.com/a/b.git`,
  'a query': (value) => `https://git.example.com/api?private_token=${encodeURIComponent(value)}&page=1#top`,
  'a fragment': (value) => `https://app.example.com/#access_token=${encodeURIComponent(value)}&state=x`,
  '.npmrc': (value) => `//npm.example.com/:_authToken=${value}`,
  '.netrc': (value) => `machine git.example.com login oauth2 password ${value}`,
  '.pypirc': (value) => `password: ${value}`,
  'git-credentials': (value) => `https://user:${encodeURIComponent(value)}@git.example.com`,
  'docker config': (value) => `{"auths":{"r.example.com":{"auth":"${base64(`user:${value}`)}"}}}`,
  'a Kubernetes secret': (value) => `  token: ${base64(value)}`,
  'a code span': (value) => `the token \`${value}\`, which leaked`,
  bold: (value) => `**${value}**`,
  emphasis: (value) => `the token _${value}_ leaked`,
  'a link': (value) => `[our token](https://git.example.com/?t=${encodeURIComponent(value)})`,
  'a table': (value) => `|token|${value}|never|`,
  'a sentence': (value) => `It was (${value}), and it is out!`,
  'the end of a sentence': (value) => `The token is ${value}.`,
  Base64: base64,
  'Base64 without padding': (value) => base64(value).replace(/=+$/, ''),
  'Base64 for URLs': (value) => Buffer.from(value).toString('base64url'),
  'Base64 twice': (value) => base64(base64(value)),
  'Base64 of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  'percent encoding': percentAll,
  'percent encoding twice': (value) => encodeURIComponent(percentAll(value)),
  hexadecimal: (value) => Buffer.from(value).toString('hex'),
  escapes: (value) =>
    `"${value
      .split('')
      .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('')}"`,
  'an escaped slash': (value) => `"${value.replaceAll('/', '\\/')}"`,
  'the colours of a terminal': (value) => `\u001b[1;32m${value}\u001b[0m`,
  'invisible characters': (value) => `\u200b${value.slice(0, 7)}\u00ad${value.slice(7)}\u2060`,
  'other dashes': (value) => value.replaceAll('-', '\u2011'),
  mail: (value) => `token=3D${value.replaceAll('=', '=3D')}`,
};

/** Those that make several lines of one. */
export const DOCUMENTS: Readonly<Record<string, Wrapping>> = {
  'an env file': (text) => `# settings\nDEBUG=true\n${text}\nOTHER=1\n`,
  'a file with CRLF and a mark': (text) => `\ufeff[a]\r\n${text}\r\n[b]\r\n`,
  'a fenced block': (text) => `Look:\n\n\`\`\`sh\n${text}\n\`\`\`\n`,
  'a diff': (text) => `@@ -1 +1 @@\n-old\n+${text}\n`,
  'UTF-16 read as UTF-8': (text) => Buffer.from(`\ufeff${text}\n`, 'utf16le').toString('utf8'),
};

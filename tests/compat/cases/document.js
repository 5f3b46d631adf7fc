// document.js - docs/compatibility.md, out of what the other cases saw. Every
// row has a test here, or the case fails; so does it when the file is stale.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const yaml = require('js-yaml');

const lib = require('../lib.js');

const file = path.join(lib.root, 'docs/compatibility.md');
const read = (name) => fs.readFileSync(path.join(lib.root, name), 'utf8');
const version = (name) => require(`${name}/package.json`).version;

// ------------------------------------------------- What there is, by sources

const description = yaml.load(read('tests/compat/fixtures/api-tokens.yaml'));

function operations() {
  return Object.entries(description.paths).flatMap(([route, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.operationId)
      .map(([method, operation]) => ({
        name: operation.operationId,
        http: `${method.toUpperCase()} ${route}`,
      })),
  );
}

const parameters = [
  ['after', 'where the list goes on: opaque, and bound to list and caller in okta-orgd'],
  ['limit', '1 to 200, 20 without; okta-tokens keeps to it itself where the org does not'],
  ['q', 'in name or clientName, ASCII letter case aside; okta-tokens holds the answer to it'],
  ['apiTokenId', '`current` only for revokeCurrentApiToken'],
  ['name', 'sent as it was read; okta-orgd changes nothing of it'],
  ['userId', 'the same'],
  ['clientName', 'the same'],
  ['created', 'the same'],
  ['network.connection', '`ANYWHERE` or `ZONE`'],
  ['network.include', 'zones, or `ALL_ZONES`'],
  ['network.exclude', 'zones, or `ALL_ZONES`'],
];

// The error codes of wire/api.h, with the status each comes with.
const statuses = {
  E0000001: 400,
  E0000003: 400,
  E0000005: 403,
  E0000006: 403,
  E0000007: 404,
  E0000008: 404,
  E0000009: 500,
  E0000011: 401,
  E0000022: 405,
  E0000047: 429,
};

function errors() {
  const codes = [...read('wire/api.h').matchAll(/^#define OKT_E_\w+ "(E\d+)"$/gm)].map(
    (found) => found[1],
  );
  assert.deepEqual([...codes].sort(), Object.keys(statuses), 'codes of wire/api.h');
  return codes.map((found) => `${statuses[found]} ${found}`).sort();
}

// "reads" is noted by the tests themselves, the rest was seen on the wire.
const headers = [
  ['Authorization', 'SSWS, or Bearer', 'SSWS'],
  ['Accept', 'application/json', 'not looked at'],
  ['Accept-Encoding', 'what libcurl can undo', 'not looked at: answers are not compressed'],
  ['Content-Type', 'with a body', 'application/json, where there is a body'],
  ['User-Agent', 'name and version', 'not looked at'],
  ['X-Okta-Retry-For', "the first request's id, on a retry", 'not looked at'],
  ['X-Okta-Retry-Count', 'on a retry', 'not looked at'],
  ['Allow', 'not looked at', 'with 405'],
  ['Cache-Control', 'not looked at', 'no-cache, no-store'],
  ['Content-Encoding', 'undone', 'never'],
  ['Date', 'the clock that a wait is counted by', 'always'],
  ['Expires', 'not looked at', '0'],
  [
    'Link',
    "RFC 8288, in one header or several; to a place that is not the org's: refused",
    'self, and next where there is more',
  ],
  ['Pragma', 'not looked at', 'no-cache'],
  ['Retry-After', 'waited for', 'never'],
  ['WWW-Authenticate', 'told where there is no body', 'never yet: no OAuth'],
  ['X-Okta-Request-Id', 'told with an error', 'always'],
  ['X-Rate-Limit-Limit', '0: too many at a time', 'always'],
  ['X-Rate-Limit-Remaining', '0: the next request waits', 'always'],
  ['X-Rate-Limit-Reset', 'waited for, and a second more', 'always'],
];
const ofTheConnection = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
];

const localCommands = [
  'version',
  'help',
  'completion',
  'Get-OktaConfiguration',
  'login',
  'logout',
  'whoami',
  'profile',
  'auth',
];

const notThere = `- Okta's PowerShell module reads no okta.yaml. Its names and parameters are taken as commands; what
  its \`Get-OktaConfiguration\` has as BaseUrl and ApiKey is \`orgUrl\` and \`token\` here.
- The .NET SDK's \`.okta/okta.yaml\` in a project's folder, its \`appsettings.json\` and \`useProxy\`;
  the Java SDK's class path and system properties.
- Settings of a program's own (\`cache\`, \`logging\`, \`userAgent\`): passed over. What switches the
  check of https off (\`testing.testingDisableHttpsCheck\`): not followed, with a warning.
- Names that were replaced in recorded traffic are not in the order of a list any more: there the
  order is not compared. That lists are sorted by name is held by node-sdk/list.
`;

// --------------------------------------------------------------------- Tables

// The tests that saw one of keys; of many in one file only how many.
function tests(t, ...keys) {
  const ids = [...new Set(keys.flatMap((key) => [...(t.seen.get(key) || [])]))].sort();
  const area = (id) => id.split('/')[0];
  return [...new Set(ids.map(area))]
    .map((name) => {
      const own = ids.filter((id) => area(id) === name);
      return own.length > 3 ? `${name} (${own.length})` : own.join(', ');
    })
    .join(', ');
}

// Like tests(), but there must be one.
function tested(t, missing, ...keys) {
  const cell = tests(t, ...keys);
  if (cell === '') missing.push(keys.join(' or '));
  return cell;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell || '–').join(' | ')} |`)
    .join('\n');

const names = (t, prefix) =>
  [...t.seen.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .sort();

const code = (words) => words.map((word) => `\`${word}\``).join(' ');

function operationTable(t, missing) {
  // "current" answers to other methods too: as the id of no token.
  const served = names(t, 'route ').filter(
    (route) => !/^HEAD |^(GET|PUT) .*\/current$/.test(route),
  );
  assert.deepEqual(
    served,
    operations()
      .map((operation) => operation.http)
      .sort(),
    "okta-orgd's routes",
  );
  return table(
    ['operation', 'request', 'commands', 'okta-tokens, tried by', 'okta-orgd, tried by'],
    operations().map(({ name, http }) => [
      name,
      `\`${http}\``,
      code(names(t, `command ${http} `)),
      tested(t, missing, `client operation ${http}`),
      tested(t, missing, `server operation ${http}`),
    ]),
  );
}

function parameterTable(t, missing) {
  return table(
    ['parameter', 'what it is', 'okta-tokens, tried by', 'okta-orgd, tried by'],
    parameters.map(([name, what]) => [
      `\`${name}\``,
      what,
      tested(t, missing, `client parameter ${name}`),
      tested(t, missing, `server parameter ${name}`),
    ]),
  );
}

function errorTable(t, missing) {
  const rows = errors().map((error) => [
    error,
    tested(t, missing, `client error ${error}`),
    error.startsWith('500')
      ? 'only when its database fails'
      : tested(t, missing, `server error ${error}`),
  ]);
  for (const status of [401, 403]) {
    rows.push([
      `${status}, no body (OAuth)`,
      tested(t, missing, `client error ${status} no body`),
      '',
    ]);
  }
  return table(
    ['error', 'okta-tokens tells it, tried by', 'okta-orgd makes it, tried by'],
    rows,
  );
}

function headerTable(t, missing) {
  const known = [...headers.map(([name]) => name.toLowerCase()), ...ofTheConnection];
  for (const key of [...names(t, 'client header '), ...names(t, 'server header ')]) {
    if (!known.includes(key)) missing.push(`a row for the header ${key}`);
  }
  return table(
    ['header', 'okta-tokens', 'tried by', 'okta-orgd', 'tried by'],
    headers.map(([name, client, server]) => {
      const key = name.toLowerCase();
      const idle = (what) => /^(not looked at|never)/.test(what);
      const sent = `client header ${key}`;
      const reads = key === 'authorization' ? ['server error 401 E0000011'] : [];
      if (server.startsWith('never') && t.seen.has(`server header ${key}`))
        missing.push(`${name} is sent`);
      return [
        `\`${name}\``,
        client,
        idle(client) ? '' : tested(t, missing, sent, `client reads ${key}`),
        server,
        idle(server) ? '' : tested(t, missing, `server header ${key}`, ...reads),
      ];
    }),
  );
}

function settingTable(t, missing, keys) {
  const effect = (key) => tested(t, missing, `setting ${key}`);
  return table(
    ['setting', 'in a file', 'in the environment', 'tried by'],
    keys.map((key) => [
      `\`${key}\``,
      code(names(t, `spelling ${key} `)),
      code(names(t, `variable ${key} `)),
      tested(t, missing, `spelling ${key} ${key}`) && effect(key),
    ]),
  );
}

async function commandTable() {
  const help = (await lib.run(lib.bin('okta-tokens'), ['--help'])).out;
  return [...help.split('Options of every command')[0].matchAll(/^ {2}([A-Za-z-]+)/gm)].map(
    (found) => found[1],
  );
}

async function document(t) {
  const missing = [];
  const config = await lib.run(lib.bin('okta-tokens'), ['Get-OktaConfiguration', '-o', 'json']);
  // An access token is shown as the token it is used as.
  const keys = [...JSON.parse(config.out).map((row) => row.key), 'accessToken'];
  const tried = new Set(names(t, 'command ').map((name) => name.split(' ').pop()));
  for (const command of await commandTable()) {
    if (!tried.has(command) && !localCommands.includes(command))
      missing.push(`the command ${command}`);
  }
  const text = `# Compatibility

What of Okta's API Token API there is, and by which test it was tried. This file is written by
\`./run compat --write\` out of what the tests saw go over the wire; \`./run compat\` fails when it is
stale or a row has no test. A test \`a/b\` is in \`tests/compat/cases/a.js\`; \`a (5)\` are five of its
tests:

- **prism**: okta-tokens at a mock of the API's description (@stoplight/prism-cli
  ${version('@stoplight/prism-cli')}); **prism-proxy** (also in \`prism.js\`): okta-tokens, prism on the watch, okta-orgd.
  The description is one of our own, and Okta's 3.0.0 and 2026.06.3 where they are at hand
  (\`OKTA_SPEC_DIR\`).
- **node-sdk**: @okta/okta-sdk-nodejs ${version('@okta/okta-sdk-nodejs')}, unmodified, at okta-orgd over TLS.
- **recorded**: what real orgs answered (where it is at hand, else a fixture in that shape), served to
  okta-tokens, and asked of okta-orgd again at that moment.
- **okta-yaml**: settings as Okta's SDKs for Node, Python, Go, Java and .NET document them.
- **wire**: a plain server and a plain client of Node's.

## Operations

${operationTable(t, missing)}

## Parameters

Of the query, the path, and the body of \`PUT\`.

${parameterTable(t, missing)}

## Errors

${errorTable(t, missing)}

## Headers

${headerTable(t, missing)}

## Settings

Under \`okta.client\` in okta.yaml, letter case aside, and as variables. Each spelling is tried by
okta-yaml/spellings, and what comes of it by the tests beside it. \`rateLimit.maxBackoff\` is read
and not used yet.

${settingTable(t, missing, keys)}

## What is not there

${notThere}`;
  assert.deepEqual(missing, [], 'all of it tried');
  return text;
}

module.exports = async (t) => {
  const what = 'docs/compatibility.md';
  if (t.counts.failed > 0) {
    t.skip('document/fresh', what, 'not all passed');
    return;
  }
  await t.case('document/fresh', what, async () => {
    const text = await document(t);
    if (t.write) fs.writeFileSync(file, text);
    assert.ok(
      fs.existsSync(file) && read(what) === text,
      `${what} is stale: "./run compat --write" writes it anew`,
    );
  });
};

// okta_yaml.js - settings as each of Okta's SDKs documents them, in files and in
// the environment, and that they have their effect.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');

const lib = require('../lib.js');

const fixtures = path.join(__dirname, '../fixtures/okta-yaml');
const secret = '00configured-in-a-file---not-a-secret00000';
const scopes = 'okta.apiTokens.read okta.apiTokens.manage';

const seed = {
  users: [{ login: 'ada@example.com', role: 'SUPER_ADMIN' }],
  tokens: [
    {
      id: '00Tyaml0000000000001',
      secret,
      name: 'configured',
      user: 'ada@example.com',
      created: '-3d',
    },
  ],
};

const key = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = key.export({ type: 'pkcs8', format: 'pem' });
const jwk = key.export({ format: 'jwk' });
const { d: _, ...publicJwk } = jwk;

// The service app of the fixtures, with the key under the name of each SDK.
seed.apps = [
  {
    id: '0oafixture0000000001',
    name: 'fixture',
    type: 'service',
    role: 'SUPER_ADMIN',
    scopes: scopes.split(' '),
    key: JSON.stringify({
      keys: ['node', 'python', 'go', 'java', 'dotnet'].map((sdk) => ({
        ...publicJwk,
        kid: `a-key-of-${sdk}`,
      })),
    }),
  },
];

function filled(name, org, home = '/') {
  return fs
    .readFileSync(path.join(fixtures, `${name}.yaml`), 'utf8')
    .replace('@PEM@', pem.trimEnd().replace(/^/gm, '      '))
    .replace('@PEMFILE@', path.join(home, 'key.pem'))
    .replace('@ORG@', org.url)
    .replace('@TOKEN@', secret)
    .replace('@X@', jwk.x)
    .replace('@Y@', jwk.y)
    .replace('@D@', jwk.d);
}

// okta-tokens with nothing but what the files in home and cwd, and env, say.
function plain(home, args, { cwd = home, env = {} } = {}) {
  return lib.run(lib.bin('okta-tokens'), args, { cwd, env: { HOME: home, ...env } });
}

async function shown(home, options) {
  const done = await plain(home, ['Get-OktaConfiguration', '-o', 'json'], options);
  assert.equal(done.code, 0, done.err);
  const settings = {};
  for (const row of JSON.parse(done.out)) if (row.value !== null) settings[row.key] = row.value;
  return { settings, warnings: done.err, rows: JSON.parse(done.out) };
}

function homeWith(text, file = '.okta/okta.yaml') {
  const home = lib.folder('home');
  lib.write(path.join(home, file), text);
  return home;
}

const withToken = {
  node: { settings: {}, file: 'okta.yaml' },
  python: {
    settings: { connectionTimeout: '30', requestTimeout: '0', 'rateLimit.maxRetries': '4' },
    file: 'okta.yaml',
  },
  go: {
    settings: {
      connectionTimeout: '30',
      requestTimeout: '0',
      'rateLimit.maxRetries': '4',
      'rateLimit.maxBackoff': '30',
    },
    file: '.okta.yaml',
  },
  java: {
    settings: { connectionTimeout: '30', requestTimeout: '0', 'rateLimit.maxRetries': '4' },
  },
  dotnet: {
    settings: { connectionTimeout: '30', requestTimeout: '0', 'rateLimit.maxRetries': '4' },
  },
};
const withKey = {
  node: { privateKeyId: 'a-key-of-node' },
  python: {
    privateKeyId: 'a-key-of-python',
    connectionTimeout: '30',
    requestTimeout: '0',
    'rateLimit.maxRetries': '4',
  },
  go: {
    privateKeyId: 'a-key-of-go',
    connectionTimeout: '30',
    requestTimeout: '0',
    'rateLimit.maxRetries': '4',
  },
  java: {
    privateKeyId: 'a-key-of-java',
    connectionTimeout: '30',
    requestTimeout: '0',
    'rateLimit.maxRetries': '4',
  },
  dotnet: { connectionTimeout: '30', requestTimeout: '0', 'rateLimit.maxRetries': '4' },
};

function noteAll(t, settings) {
  for (const name of Object.keys(settings)) t.note(`setting ${name}`);
}

async function ofSdks(t, org) {
  const env = { OKTA_CLIENT_CAFILE: org.ca };
  for (const [sdk, { settings, file }] of Object.entries(withToken)) {
    for (const at of ['.okta/okta.yaml', ...(file ? [file] : [])]) {
      await t.case(`okta-yaml/${sdk}`, `token, ${at === file ? '.' : '~'}/${at}`, async () => {
        const home = homeWith(filled(sdk, org), at);
        const expected = { orgUrl: org.url, token: '********', caFile: org.ca, ...settings };
        assert.deepEqual((await shown(home, { env })).settings, expected);
        const done = await plain(home, ['list', '-o', 'jsonl'], { env });
        assert.equal(done.code, 0, done.err);
        assert.equal(done.err, '');
        assert.equal(JSON.parse(done.out).name, 'configured');
        noteAll(t, expected);
      });
    }
  }
  await t.case('okta-yaml/node', 'the SDK itself, with the same file', async () => {
    const home = homeWith(filled('node', org));
    const done = await lib.run(
      process.execPath,
      [path.join(__dirname, '../sdk_client.js'), 'listApiTokens'],
      { cwd: home, env: { HOME: home, NODE_EXTRA_CA_CERTS: org.ca } },
    );
    assert.deepEqual(
      JSON.parse(done.out).result.map((token) => token.name),
      ['configured'],
      done.err,
    );
  });
  for (const [sdk, settings] of Object.entries(withKey)) {
    await t.case(`okta-yaml/${sdk}`, 'private key', async () => {
      const home = lib.folder('home');
      lib.write(path.join(home, 'key.pem'), pem);
      lib.write(path.join(home, '.okta/okta.yaml'), filled(`${sdk}-key`, org, home));
      const expected = {
        orgUrl: org.url,
        authorizationMode: 'PrivateKey',
        clientId: '0oafixture0000000001',
        scopes,
        privateKey: '********',
        ...settings,
      };
      assert.deepEqual((await shown(home)).settings, expected);
      const done = await plain(home, ['list', '-o', 'jsonl'], { env });
      assert.equal(done.code, 0, done.err);
      assert.equal(JSON.parse(done.out).name, 'configured');
      noteAll(t, expected);
    });
  }
}

// A server that tells what it was asked, and how often.
async function witness(answer) {
  const asked = [];
  const server = http.createServer((from, to) => {
    asked.push(from.headers);
    answer(to);
  });
  const url = await lib.listen(server);
  return {
    url,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const yamlOf = (settings) =>
  `okta:\n  client:\n${Object.entries(settings)
    .map(([name, value]) => `    ${name}: ${JSON.stringify(value)}\n`)
    .join('')}`;

async function effects(t, org) {
  await t.case('okta-yaml/bearer', '', async () => {
    const server = await witness((to) =>
      to.writeHead(200, { 'content-type': 'application/json' }).end('[]'),
    );
    const forms = [
      filled('dotnet-bearer', server),
      yamlOf({ orgUrl: server.url, authorizationMode: 'Bearer', token: secret }),
    ];
    for (const text of forms) {
      const done = await plain(homeWith(text), ['list']);
      assert.equal(done.code, 0, done.err);
    }
    server.stop();
    assert.deepEqual(
      server.asked.map((sent) => sent.authorization),
      forms.map(() => `Bearer ${secret}`),
    );
    noteAll(t, { authorizationMode: 1, token: 1, accessToken: 1 });
  });
  await t.case('okta-yaml/timeouts', "seconds, and .NET's milliseconds", async () => {
    const server = await witness(() => {});
    for (const requestTimeout of [1, 1000]) {
      const began = Date.now();
      const home = homeWith(
        yamlOf({
          orgUrl: server.url,
          token: secret,
          requestTimeout,
          rateLimit: { maxRetries: 0 },
        }),
      );
      const done = await plain(home, ['list']);
      const took = Date.now() - began;
      assert.equal(done.code, 8, done.err);
      assert.ok(took >= 1000 && took < 10000, `${took} ms`);
    }
    server.stop();
    noteAll(t, { requestTimeout: 1 });
  });
  await t.case('okta-yaml/max-retries', '', async () => {
    const first = '0123456789abcdef0123456789abcdef';
    const server = await witness((to) =>
      to.writeHead(503, { 'x-okta-request-id': first }).end(),
    );
    const home = homeWith(
      yamlOf({ orgUrl: server.url, token: secret, rateLimit: { maxRetries: 2 } }),
    );
    const done = await plain(home, ['list']);
    server.stop();
    assert.equal(done.code, 9, done.err);
    assert.equal(server.asked.length, 3);
    assert.deepEqual(
      server.asked.map((sent) => sent['x-okta-retry-count']),
      [undefined, '1', '2'],
    );
    assert.deepEqual(
      server.asked.map((sent) => sent['x-okta-retry-for']),
      [undefined, first, first],
    );
    t.note('client header x-okta-retry-count');
    t.note('client header x-okta-retry-for');
    noteAll(t, { 'rateLimit.maxRetries': 1 });
  });
  await t.case('okta-yaml/proxy', '', async () => {
    const asked = [];
    const server = http.createServer();
    server.on('connect', (from, socket) => {
      asked.push([from.url, from.headers['proxy-authorization']]);
      const to = net.connect(new URL(org.url).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        to.pipe(socket).pipe(to);
      });
      for (const end of [to, socket])
        end.on('error', () => {
          to.destroy();
          socket.destroy();
        });
    });
    const port = Number(new URL(await lib.listen(server)).port);
    const proxy = { host: '127.0.0.1', port, username: 'me', password: 'and my word' };
    const home = homeWith(yamlOf({ orgUrl: org.url, token: secret, caFile: org.ca, proxy }));
    const done = await plain(home, ['list', '-o', 'jsonl'], { env: { no_proxy: '' } });
    server.close();
    assert.equal(done.code, 0, done.err);
    assert.equal(JSON.parse(done.out).name, 'configured');
    const words = Buffer.from('me:and my word').toString('base64');
    assert.deepEqual(asked, [[new URL(org.url).host, `Basic ${words}`]]);
    noteAll(t, {
      'proxy.host': 1,
      'proxy.port': 1,
      'proxy.username': 1,
      'proxy.password': 1,
      caFile: 1,
    });
  });
  await t.case('okta-yaml/order', 'home, folder, environment, option', async () => {
    const home = homeWith(
      yamlOf({
        orgUrl: 'https://home.example.com',
        token: secret,
        clientId: 'home',
        rateLimit: { maxRetries: 1 },
      }),
    );
    const cwd = lib.folder('cwd');
    lib.write(
      path.join(cwd, 'okta.yaml'),
      yamlOf({ clientId: 'folder', rateLimit: { maxRetries: 2 }, privateKeyId: 'folder' }),
    );
    const env = {
      OKTA_CLIENT_RATELIMIT_MAXRETRIES: '3',
      OKTA_CLIENT_PRIVATEKEYID: 'environment',
    };
    const { settings } = await shown(home, { cwd, env });
    assert.equal(settings.clientId, 'home');
    assert.equal(settings.privateKeyId, 'environment');
    assert.equal(settings['rateLimit.maxRetries'], '3');
    const told = await plain(
      home,
      ['--org', 'https://option.example.com', 'Get-OktaConfiguration', '-o', 'json'],
      { cwd, env },
    );
    const org = JSON.parse(told.out).find((row) => row.key === 'orgUrl');
    assert.deepEqual(
      [settings.orgUrl, org.value],
      ['https://home.example.com', 'https://option.example.com'],
    );
  });
  await t.case('okta-yaml/order', 'other options', async () => {
    const home = homeWith(yamlOf({ orgUrl: 'https://home.example.com', token: secret }));
    const options = {
      '--timeout': ['5', 'requestTimeout'],
      '--retries': ['9', 'rateLimit.maxRetries'],
      '--ca-file': [org.ca, 'caFile'],
    };
    for (const [option, [value, name]] of Object.entries(options)) {
      const told = await plain(home, [option, value, 'Get-OktaConfiguration', '-o', 'json']);
      assert.equal(JSON.parse(told.out).find((row) => row.key === name).value, value, option);
    }
  });
}

// A value of each setting, and how it is shown.
const values = {
  orgUrl: ['https://acme.okta.com', 'https://acme.okta.com'],
  token: [secret, '********'],
  authorizationMode: ['Bearer', 'Bearer'],
  clientId: ['0oafixture0000000001', '0oafixture0000000001'],
  scopes: ['okta.apiTokens.read,okta.apiTokens.manage', scopes],
  privateKey: [pem, '********'],
  privateKeyId: ['a-key', 'a-key'],
  connectionTimeout: ['7', '7'],
  requestTimeout: ['8000', '8'],
  'rateLimit.maxRetries': ['3', '3'],
  'rateLimit.maxBackoff': ['9', '9'],
  'proxy.host': ['proxy.example.com', 'proxy.example.com'],
  'proxy.port': ['3128', '3128'],
  'proxy.username': ['me', 'me'],
  'proxy.password': ['my word', '********'],
  caFile: ['/etc/ssl/ca.pem', '/etc/ssl/ca.pem'],
  caDir: ['/etc/ssl/certs', '/etc/ssl/certs'],
};

// What a setting is also called; the rest have one name.
const others = {
  orgUrl: ['oktaDomain'],
  privateKey: ['jwk'],
  privateKeyId: ['keyId', 'kid'],
  'rateLimit.maxRetries': ['maxRetries'],
  accessToken: ['oauth2.accessToken'],
};

// The spellings, as the library's own table has them.
function spellings() {
  const table = /okt_config_rows\[OKT_KEY_COUNT\] = \{([\s\S]*?)\n\};/.exec(
    fs.readFileSync(path.join(lib.root, 'lib/config/config.c'), 'utf8'),
  )[1];
  return [...table.matchAll(/= \{\s*\{([^}]*)\}/g)].map((row) =>
    [...row[1].matchAll(/"([^"]+)"/g)].map((name) => name[1]),
  );
}

const variables = (name) => [
  ...new Set(
    [name, name.replace(/[A-Z]/g, '_$&')].map(
      (word) => `OKTA_CLIENT_${word.replace(/\./g, '_').toUpperCase()}`,
    ),
  ),
];

async function everySpelling(t) {
  const rows = spellings().filter(([first]) => first !== 'accessToken');
  const empty = homeWith('{}');
  await t.case('okta-yaml/knows-all', '', async () => {
    const { rows: keys } = await shown(empty);
    assert.deepEqual(
      keys.map((row) => row.key),
      rows.map(([first]) => first),
    );
    const names = [...Object.keys(values), 'accessToken'];
    assert.deepEqual(
      spellings(),
      names.map((name) => [name, ...(others[name] || [])]),
    );
  });
  // Some count only beside a credential of the same place or below it.
  const token = { OKTA_CLIENT_TOKEN: secret };
  await t.case('okta-yaml/spellings', 'environment', async () => {
    for (const names of rows) {
      for (const variable of names.flatMap(variables)) {
        const { settings } = await shown(empty, {
          env: { ...token, [variable]: values[names[0]][0] },
        });
        assert.equal(settings[names[0]], values[names[0]][1], variable);
        t.note(`variable ${names[0]} ${variable}`);
      }
    }
  });
  await t.case('okta-yaml/spellings', 'an access token of its own', async () => {
    const [first, ...more] = spellings().find(([name]) => name === 'accessToken');
    for (const name of [first, ...more]) {
      for (const variable of variables(name)) {
        const env = { OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer', [variable]: 'an-access-token' };
        const { rows: shownRows } = await shown(empty, { env });
        assert.equal(shownRows.find((row) => row.key === 'token').origin, variable);
        t.note(`variable ${first} ${variable}`);
      }
      const [outer, inner] = name.split('.');
      const value = inner ? { [inner]: 'an-access-token' } : 'an-access-token';
      const text = yamlOf({ authorizationMode: 'Bearer', [outer]: value });
      const { settings } = await shown(homeWith(text));
      assert.equal(settings.token, '********', name);
      t.note(`spelling ${first} ${name}`);
    }
  });
  await t.case('okta-yaml/spellings', 'file', async () => {
    for (const names of rows) {
      for (const name of names) {
        const [outer, inner] = name.split('.');
        const value = values[names[0]][0];
        const text = yamlOf({
          ...(names[0] === 'token' ? {} : { token: secret }),
          [outer]: inner ? { [inner]: value } : value,
        });
        const { settings } = await shown(homeWith(text));
        assert.equal(settings[names[0]], values[names[0]][1], name);
        t.note(`spelling ${names[0]} ${name}`);
      }
    }
  });
}

module.exports = async (t) => {
  const org = await lib.org(seed);
  await ofSdks(t, org);
  await effects(t, org);
  await org.stop();
  await everySpelling(t);
};

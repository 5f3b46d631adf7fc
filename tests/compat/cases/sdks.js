// sdks.js - Okta's SDKs for Go, Python and Java, unmodified, at okta-orgd over TLS.
//
// Each is a small program (../sdks) that makes the calls it is told, once for
// each way of signing in. An SDK whose toolchain is not on this machine is
// skipped. Faults of the SDKs' own are listed in `known`: they must show, so
// that a mended SDK is noticed.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const child = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const lib = require('../lib.js');

const sources = path.join(__dirname, '../sdks');
const built = path.join(lib.root, 'build/compat/sdks');
const secret = '00sdks-that-list-and-revoke-not-a-secret00';
const reader = '00sdks-that-may-only-look--not-a-secret000';
const nobody = '00nobody-has-this-one-----not-a-secret0000';
const zone = 'nzocompat00000000001';
const scopes = ['okta.apiTokens.read', 'okta.apiTokens.manage'];

// ------------------------------------------------------------ the programs

const have = (command) =>
  child.spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

// Builds into a folder that is named after what it was built from.
function build(name, inputs, make) {
  const hash = crypto.createHash('sha256').update(process.arch);
  for (const file of inputs) hash.update(fs.readFileSync(path.join(sources, file)));
  const at = path.join(built, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (fs.existsSync(path.join(at, 'done'))) return at;
  console.log(`# building the client of ${name} (once, some minutes)`);
  fs.rmSync(at, { recursive: true, force: true });
  fs.mkdirSync(at, { recursive: true });
  make(at, (command, args) => {
    const ran = child.spawnSync(command, args, { cwd: at, encoding: 'utf8' });
    assert.equal(ran.status, 0, `${command} ${args.join(' ')}: ${ran.error || ran.stderr}${ran.stdout}`);
    return ran.stdout;
  });
  fs.writeFileSync(path.join(at, 'done'), '');
  return at;
}

function buildGo(major) {
  const inputs = ['go/main.go', `go/v${major}/go.mod`, `go/v${major}/go.sum`];
  return build(`go-v${major}`, inputs, (at, run) => {
    const main = fs.readFileSync(path.join(sources, inputs[0]), 'utf8');
    fs.writeFileSync(
      path.join(at, 'main.go'),
      main.replace('okta-sdk-golang/v5/', `okta-sdk-golang/v${major}/`),
    );
    for (const file of inputs.slice(1)) {
      fs.copyFileSync(path.join(sources, file), path.join(at, path.basename(file)));
    }
    run('go', ['build', '-o', 'client', '.']);
  });
}

const keyMode = (credential) => ({
  OKTA_CLIENT_AUTHORIZATIONMODE: credential.mode,
  OKTA_CLIENT_CLIENTID: credential.app,
  OKTA_CLIENT_SCOPES: scopes.join(' '),
  OKTA_CLIENT_PRIVATEKEY: credential.pem,
  OKTA_CLIENT_KID: credential.kid,
});

const go = (major, version) => ({
  name: `okta-sdk-golang ${version}`,
  needs: ['go'],
  build: () => buildGo(major),
  command: (at) => [path.join(at, 'client'), []],
  environment: (org, credential) => ({
    SSL_CERT_FILE: org.ca,
    ...keyMode(credential),
    OKTA_CLIENT_TOKEN: credential.token,
    OKTA_CLIENT_SCOPES: scopes.join(','),
    OKTA_CLIENT_PRIVATEKEYID: credential.kid,
    OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES: '2',
    OKTA_CLIENT_RATE_LIMIT_MAX_BACKOFF: '30',
  }),
});

const python = {
  name: 'okta-sdk-python 3.4.6',
  needs: ['python3'],
  build: () =>
    build('python', ['python/requirements.txt'], (at, run) => {
      run('python3', ['-m', 'venv', 'venv']);
      run('venv/bin/pip', ['install', '-q', '-r', path.join(sources, 'python/requirements.txt')]);
    }),
  command: (at) => [path.join(at, 'venv/bin/python'), [path.join(sources, 'python/client.py')]],
  environment: (org, credential) => ({
    SSL_CERT_FILE: org.ca,
    ...keyMode(credential),
    OKTA_CLIENT_TOKEN: credential.token,
    OKTA_CLIENT_SCOPES: scopes.join(','),
    ...(credential.dpop ? { OKTA_CLIENT_DPOPENABLED: 'true' } : {}),
  }),
};

const java = {
  name: 'okta-sdk-java 24.0.0',
  needs: ['mvn', 'javac', 'keytool'],
  build: () =>
    build('java', ['java/pom.xml', 'java/Client.java'], (at, run) => {
      const pom = path.join(sources, 'java/pom.xml');
      run('mvn', ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${at}/classpath`]);
      const classpath = fs.readFileSync(path.join(at, 'classpath'), 'utf8').trim();
      run('javac', ['-nowarn', '-cp', classpath, '-d', at, path.join(sources, 'java/Client.java')]);
    }),
  command: (at) => [
    'java',
    ['-cp', `${at}:${fs.readFileSync(path.join(at, 'classpath'), 'utf8').trim()}`, 'Client'],
  ],
  environment: (org, credential) => ({
    JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${trustStore(org)} -Djavax.net.ssl.trustStorePassword=changeit -Xshare:auto -XX:TieredStopAtLevel=1`,
    ...(credential.mode === 'Bearer'
      ? {
          // It asks for an app and a key, too, and uses neither.
          ...keyMode(inKeyMode('0oaRsa00000000000000', rsa)),
          OKTA_CLIENT_OAUTH2_ACCESSTOKEN: credential.token,
        }
      : { ...keyMode(credential), OKTA_CLIENT_TOKEN: credential.token }),
  }),
};

const sdks = [go(5, 'v5.0.6'), go(6, 'v6.0.3'), python, java];

// Java reads no PEM; made once an org.
function trustStore(org) {
  const store = `${org.ca}.p12`;
  if (!fs.existsSync(store)) {
    child.execFileSync('keytool', [
      '-importcert', '-noprompt', '-alias', 'ca', '-file', org.ca,
      '-keystore', store, '-storetype', 'PKCS12', '-storepass', 'changeit',
    ], { stdio: 'ignore' });
  }
  return store;
}

// ------------------------------------------------------------------ the org

function key(type, options, kid) {
  const made = crypto.generateKeyPairSync(type, options);
  return {
    pem: made.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    shown: { ...made.publicKey.export({ format: 'jwk' }), kid },
  };
}

const rsa = key('rsa', { modulusLength: 2048 }, 'rsa');
const ec = key('ec', { namedCurve: 'P-256' }, 'ec');
const service = (id, made, more = {}) => ({
  id,
  name: id,
  type: 'service',
  role: 'SUPER_ADMIN',
  scopes,
  key: JSON.stringify(made.shown),
  ...more,
});

function seed() {
  const tokens = [
    { id: '00Tsdks0000000000000', secret, name: 'the SDKs', user: 'ada@example.com' },
    { id: '00Treads000000000000', secret: reader, name: 'a reader', user: 'bob@example.com' },
  ];
  for (let i = 100; i < 156; i += 1) {
    tokens.push({ id: `00Tmany0000000000${i}`, name: `many ${i}`, user: 'bob@example.com', created: '-9d' });
  }
  return {
    users: [
      { id: '00uada00000000000001', login: 'ada@example.com', role: 'SUPER_ADMIN' },
      { id: '00ubob00000000000001', login: 'bob@example.com', role: 'READ_ONLY_ADMIN' },
    ],
    zones: [{ id: zone, name: 'compat', gateways: ['192.0.2.0/24'] }],
    tokens,
    apps: [
      service('0oaRsa00000000000000', rsa),
      service('0oaEc000000000000000', ec),
      service('0oaBound000000000000', rsa, { dpop: 'required' }),
      service('0oaReads000000000000', rsa, { scopes: scopes.slice(0, 1) }),
    ],
  };
}

const inKeyMode = (app, made, more) => ({
  mode: 'PrivateKey', app, pem: made.pem, kid: made.shown.kid, ...more,
});

// An access token, by our own command.
async function accessToken(org, app) {
  const pem = lib.write(path.join(lib.folder('key'), 'key.pem'), rsa.pem);
  const told = await lib.must(lib.bin('okta-tokens'), ['auth', 'token', '--header'], {
    env: {
      OKTA_CLIENT_ORGURL: org.url,
      OKTA_CLIENT_CAFILE: org.ca,
      OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
      OKTA_CLIENT_CLIENTID: app,
      OKTA_CLIENT_SCOPES: scopes.slice(0, app === '0oaReads000000000000' ? 1 : 2).join(' '),
      OKTA_CLIENT_PRIVATEKEY: pem,
      OKTA_CLIENT_PRIVATEKEYID: 'rsa',
    },
  });
  return /Bearer (\S+)/.exec(told)[1];
}

// The ways of signing in: who may do all, who may only read, who is nobody.
const ways = [
  {
    name: 'API token',
    all: () => ({ mode: 'SSWS', token: secret }),
    reads: () => ({ mode: 'SSWS', token: reader }),
    nobody: () => ({ mode: 'SSWS', token: nobody }),
    current: true,
  },
  {
    name: 'Bearer',
    all: async (org) => ({ mode: 'Bearer', token: await accessToken(org, '0oaRsa00000000000000') }),
    reads: async (org) => ({ mode: 'Bearer', token: await accessToken(org, '0oaReads000000000000') }),
    nobody: () => ({ mode: 'Bearer', token: 'nobody.has.this' }),
  },
  {
    name: 'service app, RSA',
    all: () => inKeyMode('0oaRsa00000000000000', rsa),
    reads: () => null,
  },
  {
    name: 'service app, EC',
    all: () => inKeyMode('0oaEc000000000000000', ec),
    reads: () => null,
  },
  {
    name: 'service app, DPoP',
    all: () => inKeyMode('0oaBound000000000000', rsa, { dpop: true }),
    reads: () => null,
  },
];

/*
 * What an SDK gets wrong by itself: SDK, way, case (every case where there is
 * none) and a pattern for what its client prints instead.
 */
const known = [
  {
    sdk: python,
    way: 'service app, EC',
    seen: /RSA key format is not supported/, // it signs with RS256 alone
  },
];

const many = (i) => `00Tmany0000000000${i}`;
const update = {
  name: 'many 102',
  userId: '00ubob00000000000001',
  clientName: 'Okta API',
  created: '2026-01-01T00:00:00.000Z',
  network: { connection: 'ZONE', include: [zone] },
};

async function calls(sdk, org, credential, list) {
  const env = { PATH: process.env.PATH, OKTA_CLIENT_ORGURL: org.url };
  for (const [name, value] of Object.entries(sdk.environment(org, credential))) {
    if (value !== undefined) env[name] = value;
  }
  const [command, args] = sdk.command(sdk.at);
  const done = await lib.run(command, args, { env, input: JSON.stringify(list) });
  assert.equal(done.code, 0, `${done.err}${done.out}`);
  const told = done.out.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(told.length, list.length, done.out);
  return told;
}

// What each call must have come to; told is one line of the client's.
const expectations = {
  list: (told) => {
    assert.equal(told.error, undefined);
    assert.equal(told.result.length, 58);
    assert.equal(new Set(told.result.map((token) => token.id)).size, 58);
  },
  get: (told) => {
    assert.equal(told.error, undefined);
    assert.equal(told.result.name, 'many 101');
    assert.equal(told.result.userId, '00ubob00000000000001');
  },
  restrict: (told) => {
    assert.equal(told.error, undefined);
    assert.equal(told.result.network.connection, 'ZONE');
    assert.deepEqual(told.result.network.include, [zone]);
  },
  revoke: (told) => {
    assert.equal(told.error, undefined);
    assert.equal(told.status, 204);
  },
  'is gone (404)': (told) => {
    assert.equal(told.status, 404);
    assert.match(JSON.stringify(told), /E0000007/);
  },
  'waits at a 429': (told) => {
    assert.equal(told.error, undefined);
    assert.equal(told.result.name, 'many 104');
  },
};

const sequence = [
  { method: 'list' },
  { method: 'get', id: many(101) },
  { method: 'restrict', id: many(102), body: update },
  { method: 'revoke', id: many(103) },
  { method: 'get', id: many(103) },
  { method: 'get', id: many(104) },
];

async function expects(t, sdk, way, what, told, check) {
  const fault = known.find(
    (one) => one.sdk === sdk && one.way === way.name && (!one.case || one.case === what),
  );
  await t.case(`sdk/${what}`, `${sdk.name}, ${way.name}${fault ? ', its own fault' : ''}`, () => {
    if (fault) assert.match(JSON.stringify(told), fault.seen);
    else check(told);
  });
}

async function one(t, sdk, way) {
  const org = await lib.org(seed(), ['--rate-limit', '0']);
  try {
    await lib.must(lib.bin('okta-orgd'), [
      'dev', 'faults', 'add', '--data', org.data,
      'do=rate-limit', 'reset=2', 'count=1', `path=/api/v1/api-tokens/${many(104)}`,
    ]);
    const told = await calls(sdk, org, await way.all(org), sequence);
    const names = Object.keys(expectations);
    for (let i = 0; i < names.length; i += 1) {
      await expects(t, sdk, way, names[i], told[i], expectations[names[i]]);
    }
    const reads = await way.reads(org);
    if (reads) {
      const [refused, still] = await calls(sdk, org, reads, [
        { method: 'revoke', id: many(105) },
        { method: 'get', id: many(105) },
      ]);
      await expects(t, sdk, way, 'may not revoke (403)', refused, (seen) =>
        assert.equal(seen.status, 403));
      await expects(t, sdk, way, 'what it may not revoke stays', still, (seen) =>
        assert.equal(seen.result.name, 'many 105'));
    }
    if (way.nobody) {
      const [unknown] = await calls(sdk, org, await way.nobody(org), [{ method: 'list' }]);
      await expects(t, sdk, way, 'is not known (401)', unknown, (seen) =>
        assert.equal(seen.status, 401));
    }
    if (way.current) {
      const [gone, after] = await calls(sdk, org, await way.all(org), [
        { method: 'revokeCurrent' },
        { method: 'list' },
      ]);
      await expects(t, sdk, way, 'revokes itself', gone, (seen) => assert.equal(seen.status, 204));
      await expects(t, sdk, way, 'is out then (401)', after, (seen) =>
        assert.equal(seen.status, 401));
    }
  } finally {
    await org.stop();
  }
}

module.exports = async (t) => {
  for (const sdk of sdks) {
    const lacking = sdk.needs.filter((command) => !have(command));
    if (lacking.length > 0) {
      t.skip('sdk', sdk.name, `${lacking.join(', ')} not on this machine`);
      continue;
    }
    sdk.at = sdk.build();
    for (const way of ways) {
      try {
        await one(t, sdk, way);
      } catch (error) {
        await t.case('sdk', `${sdk.name}, ${way.name}`, () => {
          throw error;
        });
      }
    }
  }
};

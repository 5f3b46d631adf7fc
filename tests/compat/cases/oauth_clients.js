// oauth_clients.js - somebody else's OAuth clients against okta-orgd.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const path = require('node:path');

const browser = require('../browser.js');
const lib = require('../lib.js');

const password = 'correct horse battery';
const scopes = ['okta.apiTokens.read', 'okta.apiTokens.manage', 'offline_access'];
const redirect = 'http://127.0.0.1:4000/back';

function key(type, options, kid) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync(type, options);
  return {
    jwk: { ...privateKey.export({ format: 'jwk' }), kid },
    shown: { ...publicKey.export({ format: 'jwk' }), kid },
  };
}

const rsa = key('rsa', { modulusLength: 2048 }, 'rsa');
const ec = key('ec', { namedCurve: 'P-256' }, 'ec');
const service = (id, made, more) => ({
  id,
  name: id,
  type: 'service',
  role: 'SUPER_ADMIN',
  scopes: scopes.slice(0, 2),
  key: JSON.stringify(made.shown),
  ...more,
});

const seed = {
  users: [{ login: 'ada@example.com', password }],
  tokens: [{ id: '00Tvictim00000000000', name: 'victim', user: 'ada@example.com' }],
  apps: [
    service('0oaRsa00000000000000', rsa),
    service('0oaEc000000000000000', ec),
    service('0oaBound000000000000', ec, { dpop: 'required' }),
    { id: '0oaNative00000000000', name: 'native', type: 'native', scopes },
    {
      id: '0oaWeb00000000000000',
      name: 'web',
      type: 'web',
      scopes,
      redirectUris: [redirect],
      key: JSON.stringify(ec.shown),
    },
  ],
};

const apps = {
  password,
  rsa: { id: '0oaRsa00000000000000', jwk: rsa.jwk },
  ec: { id: '0oaEc000000000000000', jwk: ec.jwk },
  bound: { id: '0oaBound000000000000', jwk: ec.jwk },
  native: { id: '0oaNative00000000000' },
  web: { id: '0oaWeb00000000000000', jwk: ec.jwk, redirect },
};

const cases = [
  ['service', 'private_key_jwt, introspection, revocation', 'oauth4webapi'],
  ['dpop', 'DPoP with a nonce', 'oauth4webapi'],
  ['device', 'device grant, refresh and reuse', 'openid-client'],
  ['pkce', 'authorization code with PKCE', 'openid-client'],
];

// Okta's own SDK, in PrivateKey mode: what it makes of a call.
async function sdk(org, method, parameters = {}) {
  const done = await lib.run(
    process.execPath,
    [path.join(__dirname, '../sdk_client.js'), method, JSON.stringify(parameters)],
    {
      env: {
        NODE_EXTRA_CA_CERTS: org.ca,
        OKTA_CLIENT_ORGURL: org.url,
        OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
        OKTA_CLIENT_CLIENTID: apps.rsa.id,
        OKTA_CLIENT_SCOPES: scopes.slice(0, 2).join(' '),
        OKTA_CLIENT_PRIVATEKEY: JSON.stringify(rsa.jwk),
        OKTA_CLIENT_KEYID: 'rsa',
      },
    },
  );
  assert.equal(done.code, 0, done.err);
  return JSON.parse(done.out);
}

async function nodeSdk(t, org) {
  await t.case('Okta SDK in PrivateKey mode lists', 'Node', async () => {
    const told = await sdk(org, 'listApiTokens');
    assert.equal(told.error, undefined);
    assert.deepEqual(
      told.result.map((token) => token.name),
      ['victim'],
    );
  });
  await t.case('Okta SDK in PrivateKey mode revokes', 'Node', async () => {
    const told = await sdk(org, 'revokeApiToken', { apiTokenId: '00Tvictim00000000000' });
    assert.equal(told.error, undefined);
    assert.deepEqual((await sdk(org, 'listApiTokens')).result, []);
  });
}

// What "okta-tokens login" began, decided in a browser.
async function login(t, org, chromium) {
  for (const decision of ['Allow', 'Deny']) {
    await t.case('okta-tokens login, in a browser', decision, async () => {
      const home = lib.folder('home');
      const tokens = (...args) =>
        lib.run(lib.bin('okta-tokens'), args, {
          env: { HOME: home, OKTA_CLIENT_ORGURL: org.url, OKTA_CLIENT_CAFILE: org.ca },
        });
      const begun = await tokens('login', '--client-id', apps.native.id, '--non-interactive');
      assert.equal(begun.code, 0, begun.err);
      const waits = JSON.parse(begun.out);
      const completes = tokens('login', '--complete', waits.handle);
      await browser.visit(chromium, 'light', org.url, (page) =>
        browser.activate(page, waits.verification_uri, waits.user_code, {
          login: 'ada@example.com',
          password,
          decision,
        }),
      );
      const done = await completes;
      assert.equal(done.code, decision === 'Allow' ? 0 : 5, done.err);
      const list = await tokens('list', '-o', 'json');
      assert.equal(list.code, decision === 'Allow' ? 0 : 4, list.err);
    });
  }
}

module.exports = async (t) => {
  const org = await lib.org(seed, ['--rate-limit', '0', '--refresh-grace', '0']);
  try {
    for (const [what, title, client] of cases) {
      await t.case(title, client, async () => {
        const done = await lib.run(
          process.execPath,
          [path.join(__dirname, '../oauth_client.js'), what, org.url, org.ca, JSON.stringify(apps)],
          { env: { NODE_EXTRA_CA_CERTS: org.ca } },
        );
        assert.equal(done.code, 0, `${done.out}${done.err}`);
      });
    }
    await nodeSdk(t, org);
    if (browser.found() === undefined) {
      t.skip('okta-tokens login, in a browser', '', 'there is no chromium');
      return;
    }
    const chromium = await browser.launch();
    try {
      await login(t, org, chromium);
    } finally {
      await chromium.close();
    }
  } finally {
    await org.stop();
  }
};

// node_sdk.js - Okta's own SDK for Node, unmodified, at okta-orgd over TLS.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const lib = require('../lib.js');

const version = require('@okta/okta-sdk-nodejs/package.json').version;
const secret = '00sdk-that-lists-and-revokes-not-a-secret0';
const weak = '00sdk-that-may-only-look---not-a-secret000';
const zone = 'nzocompat00000000001';

function seed() {
  const tokens = [
    {
      id: '00Tsdk00000000000001',
      secret,
      name: 'the SDK',
      user: 'ada@example.com',
      created: '-3d',
    },
    {
      id: '00Tsdk00000000000002',
      secret: weak,
      name: 'a reader',
      user: 'bob@example.com',
      created: '-3d',
    },
  ];
  for (let i = 100; i < 153; i += 1) {
    tokens.push({
      id: `00Tmany0000000000${i}`,
      name: `many ${i}`,
      user: 'bob@example.com',
      created: '-9d',
      tokenWindow: i % 2 ? 'P30D' : 'P90D',
    });
  }
  return {
    users: [
      { id: '00uada00000000000001', login: 'ada@example.com', role: 'SUPER_ADMIN' },
      { id: '00ubob00000000000001', login: 'bob@example.com', role: 'READ_ONLY_ADMIN' },
    ],
    zones: [{ id: zone, name: 'compat', gateways: ['192.0.2.0/24'] }],
    tokens,
  };
}

const calls = {
  listApiTokens: ['GET', '/api/v1/api-tokens'],
  getApiToken: ['GET'],
  upsertApiToken: ['PUT'],
  revokeApiToken: ['DELETE'],
  revokeCurrentApiToken: ['DELETE'],
};

module.exports = async (t) => {
  const org = await lib.org(seed(), ['--paging', 'always']);

  async function sdk(method, parameters = {}, token = secret, ca = org.ca) {
    const done = await lib.run(
      process.execPath,
      [path.join(__dirname, '../sdk_client.js'), method, JSON.stringify(parameters)],
      {
        env: {
          OKTA_CLIENT_ORGURL: org.url,
          OKTA_CLIENT_TOKEN: token,
          ...(ca ? { NODE_EXTRA_CA_CERTS: ca } : {}),
        },
      },
    );
    assert.equal(done.code, 0, done.err);
    const told = JSON.parse(done.out);
    for (const exchange of told.exchanges) {
      t.saw(['server'], {
        ...exchange,
        method: calls[method][0],
        target: exchange.target.slice(org.url.length),
        given: JSON.stringify(parameters.apiTokenUpdate || {}),
        body: JSON.stringify(told.error || {}),
      });
    }
    return told;
  }

  await t.case('node-sdk/refuses-a-foreign-ca', version, async () => {
    const told = await sdk('listApiTokens', {}, secret, null);
    assert.match(told.error.message, /certificate|issuer/);
  });
  let listed;
  await t.case('node-sdk/list', version, async () => {
    const told = await sdk('listApiTokens');
    listed = told.result;
    assert.equal(told.error, undefined);
    assert.equal(told.exchanges.length, 3, 'three pages');
    assert.equal(listed.length, 55);
    assert.equal(new Set(listed.map((token) => token.id)).size, 55);
    const names = listed.map((token) => token.name.toLowerCase());
    assert.deepEqual(names, [...names].sort());
  });
  await t.case('node-sdk/get', version, async () => {
    const { result } = await sdk('getApiToken', { apiTokenId: listed[7].id });
    assert.deepEqual(result, listed[7]);
    assert.equal(result.clientName, 'Okta API');
    assert.deepEqual(result.network, { connection: 'ANYWHERE' });
    for (const field of ['expiresAt', 'created', 'lastUpdated']) {
      assert.ok(!Number.isNaN(Date.parse(result[field])), `${field}: ${result[field]}`);
    }
  });
  await t.case('node-sdk/restrict', version, async () => {
    const { id, name, userId, clientName, created } = listed[7];
    const network = { connection: 'ZONE', include: [zone] };
    const { result, error } = await sdk('upsertApiToken', {
      apiTokenId: id,
      apiTokenUpdate: { name, userId, clientName, created, network },
    });
    assert.equal(error, undefined);
    assert.deepEqual(result.network, network);
    assert.deepEqual((await sdk('getApiToken', { apiTokenId: id })).result.network, network);
  });
  await t.case('node-sdk/revoke', version, async () => {
    const apiTokenId = listed[8].id;
    assert.deepEqual(
      (await sdk('revokeApiToken', { apiTokenId })).exchanges.map((x) => x.status),
      [204],
    );
    assert.equal((await sdk('getApiToken', { apiTokenId })).error.status, 404);
    assert.equal((await sdk('listApiTokens')).result.length, 54);
  });
  await t.case('node-sdk/errors', version, async () => {
    const missing = (await sdk('getApiToken', { apiTokenId: '00Tnotthere000000001' })).error;
    assert.equal(missing.status, 404);
    assert.equal(missing.errorCode, 'E0000007');
    assert.match(missing.errorSummary, /00Tnotthere000000001 \(Token\)/);
    assert.match(missing.errorId, /^oae/);
    const forbidden = (await sdk('revokeApiToken', { apiTokenId: listed[9].id }, weak)).error;
    assert.equal(forbidden.status, 403);
    assert.equal(forbidden.errorCode, 'E0000006');
    const invalid = (
      await sdk('upsertApiToken', {
        apiTokenId: listed[9].id,
        apiTokenUpdate: { name: 'x', network: { connection: 'NOWHERE' } },
      })
    ).error;
    assert.equal(invalid.status, 400);
    assert.equal(invalid.errorCode, 'E0000001');
    const unknown = (
      await sdk('listApiTokens', {}, '00nobody-has-this-one-----not-a-secret0000')
    ).error;
    assert.equal(unknown.status, 401);
    assert.equal(unknown.errorCode, 'E0000011');
  });
  await t.case('node-sdk/revoke-itself', version, async () => {
    assert.deepEqual(
      (await sdk('revokeCurrentApiToken')).exchanges.map((x) => x.status),
      [204],
    );
    assert.equal((await sdk('listApiTokens')).error.status, 401);
  });
  await t.case('node-sdk/org-ends-well', version, async () =>
    assert.equal(await org.stop(), 0),
  );
};

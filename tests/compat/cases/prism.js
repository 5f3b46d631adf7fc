// prism.js - against a server made from the API's description, and with that
// description as a watch between our two halves.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const yaml = require('js-yaml');

const lib = require('../lib.js');

const token = '00compat-token-of-no-org-at-all-not-secret';
const exits = { 400: 2, 401: 4, 403: 5, 404: 6, 409: 2, 429: 7, 500: 9 };

function descriptions() {
  const list = [
    { name: 'own description', file: path.join(__dirname, '../fixtures/api-tokens.yaml') },
  ];
  for (const version of ['3.0.0', '2026.06.3']) {
    const file =
      process.env.OKTA_SPEC_DIR &&
      path.join(process.env.OKTA_SPEC_DIR, 'openapi', `api-tokens-${version}.yaml`);
    list.push({
      name: `Okta's ${version}`,
      file: file && fs.existsSync(file) ? file : undefined,
    });
  }
  return list;
}

function operationsOf(file) {
  const list = [];
  for (const [route, item] of Object.entries(yaml.load(fs.readFileSync(file, 'utf8')).paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.operationId) {
        list.push({
          name: operation.operationId,
          method: method.toUpperCase(),
          route,
          parameters: (operation.parameters || []).map(
            (p) => p.name || p.$ref.split('/query')[1].toLowerCase(),
          ),
          errors: Object.keys(operation.responses)
            .filter((status) => status >= 400)
            .map(Number),
        });
      }
    }
  }
  return list;
}

// What makes an operation happen, by both of its names.
const zone = 'nzocompat00000000001';
const commands = {
  listApiTokens: () => [['list'], ['Invoke-OktaListApiTokens']],
  getApiToken: (id) => [
    ['get', id],
    ['Get-OktaApiToken', id],
  ],
  upsertApiToken: (id) => [['restrict', id, '--zone', zone]],
  revokeApiToken: (id) => [
    ['revoke', id, '--yes'],
    ['Revoke-OktaApiToken', '-ApiTokenId', id],
  ],
  revokeCurrentApiToken: () => [['revoke-current', '--yes'], ['Revoke-OktaCurrentApiToken']],
};

function kept(exchange, state) {
  if (exchange.method === 'PUT' && exchange.status === 200)
    state.network = JSON.parse(exchange.given).network;
  if (state.network && exchange.method === 'GET' && exchange.status === 200) {
    const body = JSON.parse(exchange.body);
    if (!Array.isArray(body))
      exchange.body = JSON.stringify({ ...body, network: state.network });
  }
}

const watched = (exchange) => exchange.headers['sl-violations'] === undefined;

function withoutX(text) {
  return JSON.parse(text, function drop(key, value) {
    return key === 'x' ? undefined : value;
  });
}

// A description served by prism, with what our client does to it.
async function mock(t, description) {
  const server = await lib.prism(['mock', description.file]);
  const state = {};
  let prefer;
  const hook = await lib.between(server.url, {
    change: (x) => {
      if (prefer && x.method === prefer.method) x.sent.prefer = `code=${prefer.code}`;
    },
    // The mock forgets what was written; what is read after it must have it.
    answered: (x) => kept(x, state),
  });
  const at = { url: hook.url, token };
  const operations = operationsOf(description.file);
  const id =
    description.name === 'own description' ? '00Tfixture0000000001' : '00Tabcdefg1234567890';

  async function does(operation, args, { code = 0, error } = {}) {
    hook.seen.length = 0;
    state.network = undefined;
    prefer = error && { method: operation.method, code: error };
    const done = await lib.tokens(at, [
      ...args,
      '--retries',
      '0',
      '--max-wait',
      '0',
      '-o',
      'json',
    ]);
    prefer = undefined;
    const target = operation.route.replace('{apiTokenId}', id);
    const made = hook.seen.find(
      (x) => x.method === operation.method && x.target.split('?')[0] === target,
    );
    assert.ok(
      made,
      `${args.join(' ')}: no ${operation.method} ${target} was made: ${done.err}`,
    );
    assert.ok(
      hook.seen.every(watched),
      `violations: ${hook.seen.map((x) => x.headers['sl-violations'])}`,
    );
    assert.equal(
      done.code,
      code,
      `${args.join(' ')}: exit ${done.code}: ${done.out}${done.err}`,
    );
    hook.seen.forEach((x) => t.saw(['client'], x));
    return { ...done, made };
  }

  await t.case('prism/knows-all', description.name, async () => {
    for (const operation of operations) {
      assert.ok(commands[operation.name], `no command makes ${operation.name}`);
      assert.ok(
        operation.errors.every((status) => exits[status]),
        `${operation.errors}`,
      );
    }
    assert.ok(operations.length >= 4, 'the description has operations');
  });
  for (const operation of operations) {
    await t.case(`prism/${operation.name}`, description.name, async () => {
      for (const args of commands[operation.name](id)) {
        const done = await does(operation, args);
        t.note(`command ${operation.method} ${operation.route} ${args[0]}`);
        if (operation.method === 'GET') {
          assert.deepEqual(withoutX(done.out), JSON.parse(done.made.body));
        }
        if (operation.method === 'PUT') {
          assert.deepEqual(JSON.parse(done.made.given).network, {
            connection: 'ZONE',
            include: [zone],
          });
          assert.equal(JSON.parse(done.out)[0].result, 'restricted');
        }
        if (operation.method === 'DELETE') assert.equal(done.made.status, 204);
      }
    });
    await t.case(`prism/${operation.name}-errors`, description.name, async () => {
      for (const status of operation.errors) {
        for (const args of commands[operation.name](id)) {
          const done = await does(operation, args, { code: exits[status], error: status });
          const sent = JSON.parse(done.made.body);
          const last = done.err.trim().split('\n').pop();
          const told = JSON.parse(last).error;
          assert.equal(done.made.status, status);
          assert.equal(told.http, status);
          assert.equal(told.oktaErrorCode, sent.errorCode);
          assert.equal(told.errorId, sent.errorId);
          assert.ok(told.message.includes(sent.errorSummary), `${told.message}`);
          assert.deepEqual(
            told.causes,
            sent.errorCauses.map((cause) => cause.errorSummary),
          );
        }
      }
    });
  }
  if (operations.some((operation) => operation.method === 'PUT')) {
    await t.case('prism/forgetful-org', description.name, async () => {
      // As the mock is: it says 200 and keeps nothing. That is no success.
      const honest = { url: server.url, token };
      const done = await lib.tokens(honest, ['restrict', id, '--zone', zone, '-o', 'json']);
      assert.equal(done.code, 9, done.err);
      assert.equal(JSON.parse(done.out)[0].result, 'failed');
    });
  }
  await t.case('prism/bearer', description.name, async () => {
    hook.seen.length = 0;
    const done = await lib.tokens({ url: hook.url, token: 'an-access-token' }, ['list'], {
      env: { OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer' },
    });
    assert.equal(done.code, 0, done.err);
    assert.equal(hook.seen[0].client.authorization, 'Bearer an-access-token');
    assert.ok(hook.seen.every(watched));
  });
  await t.case('prism/no-complaint', description.name, async () => {
    assert.deepEqual(server.complaints(), []);
  });
  hook.stop();
  await server.stop();
}

// Tokens enough for two pages of 20.
function seed() {
  const tokens = [
    {
      id: '00Tadmin000000000001',
      secret: token,
      name: 'admin',
      user: 'ada@example.com',
      created: '-30d',
      lastUsed: '-2d',
    },
    {
      id: '00Treader00000000001',
      secret: '00reader-may-look-and-not-touch-not-secret',
      name: 'reader',
      user: 'bob@example.com',
      created: '-30d',
      lastUsed: '-2d',
    },
    {
      id: '00Tself0000000000001',
      secret: '00self-to-be-revoked-by-itself--not-secret',
      name: 'self',
      user: 'ada@example.com',
      created: '-3d',
    },
  ];
  for (let i = 10; i < 34; i += 1) {
    tokens.push({
      id: `00Tmany0000000000${i}x`,
      name: `many ${i}`,
      user: 'bob@example.com',
      created: '-9d',
      ...(i % 2 ? {} : { lastUsed: '-1d' }),
      ...(i % 3 ? {} : { network: { connection: 'ZONE', exclude: [zone] } }),
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

// okta-tokens, then prism on the watch, then okta-orgd.
async function watch(t, description, unpaged) {
  const org = await lib.org(seed(), ['--tls', 'off', ...(unpaged ? ['--paging', 'never'] : [])]);
  const guard = await lib.prism(['proxy', description.file, org.url, '--errors']);
  // The org's links name the org; the client must find the place it asked.
  const hook = await lib.between(guard.url, {
    answered: (x) => {
      const { link } = x.headers;
      if (link) x.headers.link = link.map((text) => text.split(org.url).join(hook.url));
    },
  });
  const at = { url: hook.url, token };
  const documented = operationsOf(description.file);
  const variant = `${description.name}${unpaged ? ', --paging never' : ''}`;
  const has = (name) => documented.some((operation) => operation.name === name);

  async function does(args, code = 0, who = at) {
    hook.seen.length = 0;
    const done = await lib.tokens(who, [...args, '-o', 'json']);
    assert.equal(
      done.code,
      code,
      `${args.join(' ')}: exit ${done.code}: ${done.out}${done.err}`,
    );
    assert.ok(
      hook.seen.every(watched),
      `violations: ${hook.seen.map((x) => x.headers['sl-violations'])}`,
    );
    assert.ok(hook.seen.length > 0);
    hook.seen.forEach((x) => t.saw(['client', 'server'], x));
    return done;
  }

  await t.case('prism-proxy/list', variant, async () => {
    assert.equal(JSON.parse((await does(['list'])).out).length, 27);
    assert.equal(JSON.parse((await does(['list', '--q', 'MANY 1'])).out).length, 10);
    assert.equal(
      JSON.parse((await does(['Invoke-OktaListApiTokens', '-Limit', '4', '-Q', 'many'])).out)
        .length,
      4,
    );
  });
  if (!unpaged) {
    await t.case('prism-proxy/list-on-from-a-cursor', variant, async () => {
      const first = await does(['list', '--limit', '20']);
      const { next } = JSON.parse(first.err);
      const rest = await does(['list', '--limit', '20', '--after', next]);
      const ids = [...JSON.parse(first.out), ...JSON.parse(rest.out)].map((x) => x.id);
      assert.equal(new Set(ids).size, 27);
    });
  }
  await t.case('prism-proxy/get', variant, async () => {
    assert.equal(JSON.parse((await does(['get', '00Treader00000000001'])).out).name, 'reader');
    assert.equal(
      JSON.parse((await does(['Get-OktaApiToken', '00Treader00000000001'])).out).name,
      'reader',
    );
    await does(['get', '00Tnotthere000000001'], 6);
  });
  if (has('upsertApiToken')) {
    await t.case('prism-proxy/restrict', variant, async () => {
      for (const how of [
        ['--zone', zone],
        ['--not-zone', zone],
        ['--any-zone'],
        ['--no-zone'],
        ['--anywhere'],
      ]) {
        const done = await does(['restrict', '00Treader00000000001', ...how]);
        assert.equal(JSON.parse(done.out)[0].result, 'restricted', how.join(' '));
      }
    });
  }
  await t.case('prism-proxy/revoke', variant, async () => {
    await does(['revoke', '00Tmany000000000011x', '--yes']);
    await does(['Revoke-OktaApiToken', '00Tmany000000000012x']);
    await does(['revoke', '00Tmany000000000011x', '--yes'], 6);
    assert.equal(JSON.parse((await does(['list', '--q', 'many'])).out).length, 22);
  });
  await t.case('prism-proxy/forbidden', variant, async () => {
    const reader = { url: hook.url, token: '00reader-may-look-and-not-touch-not-secret' };
    const done = await does(['revoke', '00Tmany000000000013x', '--yes'], 5, reader);
    assert.equal(JSON.parse(done.err.trim().split('\n').pop()).error.oktaErrorCode, 'E0000006');
  });
  await t.case('prism-proxy/revoke-current', variant, async () => {
    await does(['revoke-current', '--yes'], 0, {
      url: hook.url,
      token: '00self-to-be-revoked-by-itself--not-secret',
    });
    await does(['get', '00Tself0000000000001'], 6);
  });
  await t.case('prism-proxy/no-complaint', variant, async () => {
    assert.deepEqual(guard.complaints(), []);
  });
  hook.stop();
  await guard.stop();
  assert.equal(await org.stop(), 0);
}

function pages(description) {
  return operationsOf(description.file).some((operation) =>
    operation.parameters.includes('after'),
  );
}

module.exports = async (t) => {
  for (const description of descriptions()) {
    if (description.file) {
      await mock(t, description);
      await watch(t, description, true);
      if (pages(description)) await watch(t, description, false);
    } else {
      t.skip('prism', description.name, 'OKTA_SPEC_DIR has no such description');
    }
  }
};

// recorded.js - what real orgs answered: served to our client, and asked of our
// server again at the moment it was answered.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const lib = require('../lib.js');

const secret = '00the-one-that-asked-----not-a-secret00000';
const exits = { 200: 0, 204: 0, 404: 6 };
const list = '/api/v1/api-tokens';

const pathOf = (exchange) => exchange.path.replace(/\?.*/, '');
const isList = (exchange) => pathOf(exchange).replace(/\/$/, '') === list;
const idOf = (exchange) => pathOf(exchange).slice(list.length + 1);

// The texts of the objects in a JSON text, or in a list of such.
function objectsOf(text) {
  const found = [];
  let depth = 0;
  let from = 0;
  for (const part of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (part[0] === '{' && depth++ === 0) from = part.index;
    if (part[0] === '}' && --depth === 0) found.push(text.slice(from, part.index + 1));
  }
  return found;
}

// What was last known of the token that a PUT or DELETE is about.
function before(exchanges, i) {
  for (let k = i - 1; k >= 0; k -= 1) {
    const e = exchanges[k];
    if (e.source === exchanges[i].source && idOf(e) === idOf(exchanges[i]) && e.status === 200)
      return e;
  }
  return undefined;
}

// ------------------------------------------------------ Served to okta-tokens

function commandOf(exchange) {
  if (isList(exchange)) return ['list'];
  const id = idOf(exchange);
  if (exchange.method === 'GET') return ['Get-OktaApiToken', id];
  if (exchange.method === 'DELETE') return ['revoke', id, '--yes'];
  const { network } = JSON.parse(exchange.request_body);
  if (network.connection === 'ANYWHERE') return ['restrict', id, '--anywhere'];
  return [
    'restrict',
    id,
    ...(network.include || []).flatMap((zone) => ['--zone', zone]),
    ...(network.exclude || []).flatMap((zone) => ['--not-zone', zone]),
  ];
}

// revoke looks at a token before it revokes it; where nobody recorded that.
function imagined(exchange) {
  const token = { id: idOf(exchange), name: 'gone in between', clientName: 'Okta API' };
  return {
    status: 200,
    headers: { 'content-type': ['application/json'] },
    body: JSON.stringify(token),
  };
}

// A server that has exactly these answers.
async function tape(exchanges, i) {
  const exchange = exchanges[i];
  const answers = { [`${exchange.method} ${idOf(exchange)}`]: exchange };
  if (exchange.method !== 'GET')
    answers[`GET ${idOf(exchange)}`] = before(exchanges, i) || imagined(exchange);
  const made = [];
  const server = http.createServer((from, to) => {
    const at = { path: from.url };
    const answer = answers[`${from.method} ${isList(at) ? idOf(exchange) : idOf(at)}`];
    let given = '';
    from.on('data', (part) => {
      given += part;
    });
    from.on('end', () => {
      // Which zones there are, and what was logged, is not on the tape.
      if (/^\/api\/v1\/(zones|logs)\b/.test(from.url)) {
        to.writeHead(404, { 'x-okta-request-id': 'not-on-the-tape' }).end();
        return;
      }
      made.push({ method: from.method, target: from.url, client: from.headers, given, answer });
      if (!answer) {
        to.writeHead(500).end();
        return;
      }
      if (from.method === 'PUT') answers[`GET ${idOf(at)}`] = answer;
      to.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  const url = await lib.listen(server);
  return {
    url,
    made,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function same(ours, theirs) {
  const kept = objectsOf(theirs);
  const shown = objectsOf(ours);
  assert.equal(shown.length, kept.length);
  kept.forEach((text, i) => {
    const begin = text === '{}' ? '{"x":' : `${text.slice(0, -1)},"x":`;
    assert.ok(shown[i].startsWith(begin), `\n${shown[i]}\nis not\n${begin}...`);
    const { x } = JSON.parse(shown[i]);
    assert.deepEqual(Object.keys(x).sort(), [
      'ageDays',
      'expiresInDays',
      'lastUsed',
      'neverUsed',
      'status',
    ]);
    assert.ok(shown[i].endsWith(`${JSON.stringify(x)}}`), 'x is the last');
  });
}

function samePut(given, recorded) {
  const ours = JSON.parse(given);
  const theirs = JSON.parse(recorded);
  assert.equal(Date.parse(ours.created), Date.parse(theirs.created));
  assert.deepEqual({ ...ours, created: 0 }, { ...theirs, created: 0 });
}

function sameError(text, exchange) {
  const { error } = JSON.parse(text.trim().split('\n').pop());
  const sent = JSON.parse(exchange.body);
  assert.equal(error.http, exchange.status);
  assert.equal(error.oktaErrorCode, sent.errorCode);
  assert.equal(error.errorId, sent.errorId);
  assert.ok(error.message.includes(sent.errorSummary), error.message);
  assert.equal(error.requestId, (exchange.headers['x-okta-request-id'] || [null])[0]);
}

async function serve(t, exchanges, i) {
  const exchange = exchanges[i];
  const server = await tape(exchanges, i);
  const done = await lib.tokens({ url: server.url, token: secret }, [
    ...commandOf(exchange),
    '-o',
    'json',
  ]);
  server.stop();
  if (!isList(exchange) && !/^00T[A-Za-z0-9]{17}$/.test(idOf(exchange))) {
    assert.equal(done.code, 2, 'what is no id is refused');
    assert.deepEqual(server.made, [], 'unsent');
    return;
  }
  const asked = server.made.find((x) => x.method === exchange.method);
  assert.ok(asked, `nothing was asked: ${done.err}`);
  assert.equal(done.code, exits[exchange.status], `${done.out}${done.err}`);
  if (exchange.status === 200 && exchange.method === 'GET') same(done.out, exchange.body);
  if (exchange.method === 'PUT') samePut(asked.given, exchange.request_body);
  if (exchange.status >= 400) sameError(done.err, exchange);
  for (const x of server.made.filter((one) => one.answer)) {
    t.saw(['client'], {
      ...x,
      status: x.answer.status,
      body: x.answer.body,
      headers: x.answer.headers,
    });
  }
}

// ------------------------------------------------------- Asked of okta-orgd

const seconds = (ms) => `${new Date(ms).toISOString().slice(0, 19)}.000Z`;

function seedOf(token, now, asks) {
  const {
    id,
    name,
    userId,
    clientName,
    tokenWindow,
    network,
    expiresAt,
    created,
    lastUpdated,
  } = token;
  const seeded = {
    id,
    name,
    user: `${userId}@example.com`,
    clientName,
    tokenWindow,
    network,
    expiresAt,
    created,
    lastUpdated,
  };
  // This very request is the use that its answer shows.
  if (asks && Date.parse(lastUpdated) >= now) {
    const unused = Date.parse(expiresAt) - Date.parse(lastUpdated);
    seeded.lastUpdated = seconds(now - 120000);
    seeded.expiresAt = seconds(now - 120000 + unused);
  }
  return asks ? { ...seeded, secret } : seeded;
}

// The tokens as they were when the request came, and one that asks.
function worldOf(exchanges, i, now) {
  const exchange = exchanges[i];
  let known = [];
  if (exchange.status === 200 && exchange.method === 'GET')
    known = [].concat(JSON.parse(exchange.body));
  if (exchange.method !== 'GET' && before(exchanges, i))
    known = [JSON.parse(before(exchanges, i).body)];
  const used = [...known].sort(
    (a, b) => Date.parse(b.lastUpdated) - Date.parse(a.lastUpdated),
  )[0];
  const tokens = known.map((token) => seedOf(token, now, isList(exchange) && token === used));
  const users = [...new Set(known.map((token) => token.userId))].map((id) => ({
    id,
    login: `${id}@example.com`,
    role: 'SUPER_ADMIN',
  }));
  if (!isList(exchange)) {
    users.push({ login: 'asks@example.com', role: 'SUPER_ADMIN' });
    tokens.push({
      name: 'asks',
      user: 'asks@example.com',
      secret,
      created: seconds(now - 60000),
    });
  }
  const named = JSON.stringify(known) + (exchange.request_body || '');
  const zones = [...new Set(named.match(/nzo[A-Za-z0-9]+/g))].map((id) => ({
    id,
    name: id,
    gateways: ['192.0.2.0/24'],
  }));
  return { users, zones, tokens };
}

// A body as it is compared: the error id masked, and what the answer's own
// moment set put back to the recorded one where the machine was slow.
function settled(body, now) {
  return body
    .replace(/"errorId":"oae[A-Za-z0-9_-]{22}"/, '"errorId":"oae"')
    .replace(/"(expiresAt|lastUpdated)":"([^"]+)"/g, (whole, key, time) => {
      const late = (Date.parse(time) - now) % 86400000;
      return late > 0 && late <= 5000
        ? `"${key}":"${seconds(Date.parse(time) - late)}"`
        : whole;
    });
}

// Where names were replaced in a recording, its order means nothing.
function ordered(exchange, texts) {
  const names = objectsOf(exchange.body).map((text) => JSON.parse(text).name.toLowerCase());
  const byName = names.every((name, i) => i === 0 || names[i - 1] <= name);
  return byName
    ? texts
    : [...texts].sort((a, b) => (JSON.parse(a).id < JSON.parse(b).id ? -1 : 1));
}

function sameBody(ours, exchange, now) {
  if (!isList(exchange) || exchange.status !== 200) {
    assert.equal(settled(ours, now), settled(exchange.body, now));
    return;
  }
  assert.deepEqual(
    ordered(exchange, objectsOf(settled(ours, now))),
    ordered(exchange, objectsOf(settled(exchange.body, now))),
  );
}

function sameHeaders(ours, theirs) {
  for (const [name, values] of Object.entries(theirs)) {
    if (name === 'vary') continue; // it does not compress
    assert.ok(ours[name], `no ${name}`);
    if (['content-type', 'cache-control', 'expires', 'pragma'].includes(name)) {
      assert.deepEqual(ours[name], values, name);
    }
    if (name === 'x-okta-request-id') assert.match(ours[name][0], /^[0-9a-f]{32}$/);
    if (name.startsWith('x-rate-limit-')) assert.match(ours[name][0], /^[0-9]+$/);
  }
}

async function replay(t, exchanges, i) {
  const exchange = exchanges[i];
  const now = Date.parse(exchange.headers.date[0]);
  const org = await lib.org(
    worldOf(exchanges, i, now),
    ['--tls', 'off', '--paging', 'never', '--public-url', 'https://org.example'],
    ['--now', seconds(now)],
  );
  const body = exchange.request_body;
  const answer = await lib.request(org.url + exchange.path, {
    method: exchange.method,
    body: body === null ? undefined : body,
    headers: {
      authorization: `SSWS ${secret}`,
      accept: 'application/json',
      ...(body === null
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  });
  assert.equal(await org.stop(), 0);
  assert.equal(answer.status, exchange.status, answer.body);
  sameBody(answer.body, exchange, now);
  sameHeaders(answer.headers, exchange.headers);
  assert.ok(Math.abs(Date.parse(answer.headers.date[0]) - now) <= 5000, answer.headers.date[0]);
  t.saw(['server'], { ...answer, method: exchange.method, target: exchange.path, given: body });
}

// --------------------------------------------------------------------- Both

function recordings() {
  const own = path.join(__dirname, '../fixtures/exchanges.json');
  const file =
    process.env.OKTA_SPEC_DIR &&
    path.join(process.env.OKTA_SPEC_DIR, 'recorded/exchanges.json');
  return [
    { name: 'own fixture', file: own },
    { name: 'real orgs', file: file && fs.existsSync(file) ? file : undefined },
  ];
}

module.exports = async (t) => {
  for (const { name, file } of recordings()) {
    if (!file) {
      t.skip('recorded', name, 'OKTA_SPEC_DIR has no recordings');
      continue;
    }
    const exchanges = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const [i, exchange] of exchanges.entries()) {
      const what = `${name} ${i + 1}: ${exchange.method} ${exchange.path} ${exchange.status}`;
      if (exchange.client !== false)
        await t.case('recorded/served', what, () => serve(t, exchanges, i));
      if (exchange.server !== false)
        await t.case('recorded/replayed', what, () => replay(t, exchanges, i));
    }
  }
};

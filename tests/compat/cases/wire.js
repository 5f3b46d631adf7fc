// wire.js - what no description says: every error and header, from a plain server
// to our client, and from our server to a plain client.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const http = require('node:http');
const zlib = require('node:zlib');

const lib = require('../lib.js');

const secret = '00a-plain-client-has-it---not-a-secret0000';
const weak = '00it-belongs-to-a-help-desk-not-a-secret00';
const list = '/api/v1/api-tokens';
const token = (n) => ({
  id: `00Tplain00000000000${n}z`,
  name: `plain ${n}`,
  clientName: 'Okta API',
});

// The errors of the API: how to have okta-orgd make them, and what okta-tokens
// ends with.
const errors = [
  { status: 400, code: 'E0000001', exit: 2, ask: ['GET', `${list}?limit=0`] },
  {
    status: 400,
    code: 'E0000003',
    exit: 2,
    ask: ['PUT', `${list}/00Tplain000000000001`, '{"name":'],
  },
  {
    status: 401,
    code: 'E0000011',
    exit: 4,
    ask: ['GET', list, undefined, '00nobody-has-this-one-----not-a-secret0000'],
  },
  { status: 403, code: 'E0000005', exit: 5, ask: ['GET', list, undefined, null] },
  { status: 403, code: 'E0000006', exit: 5, ask: ['GET', list, undefined, weak] },
  { status: 404, code: 'E0000007', exit: 6, ask: ['GET', `${list}/00Tnotthere000000001`] },
  { status: 404, code: 'E0000008', exit: 6, ask: ['GET', '/api/v1/nothing'] },
  { status: 405, code: 'E0000022', exit: 9, ask: ['POST', list, '{}'] },
  { status: 429, code: 'E0000047', exit: 7, ask: ['GET', list], limited: true },
  { status: 500, code: 'E0000009', exit: 9 },
];

// A server that answers what script says, one after the other, then the last.
async function scripted(script) {
  const asked = [];
  const server = http.createServer((from, to) => {
    const answer = script[Math.min(asked.length, script.length - 1)];
    asked.push({ method: from.method, target: from.url, client: from.headers });
    const { status = 200, headers = {}, body = '[]' } = answer(hook.url);
    to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  const hook = { asked, url: await lib.listen(server), token: secret };
  hook.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return hook;
}

async function client(script, args, code, t, reads) {
  const server = await scripted(script);
  const done = await lib.tokens(server, [...args, '-o', 'json']);
  server.stop();
  assert.equal(done.code, code, `${done.out}${done.err}`);
  for (const x of server.asked)
    for (const name of Object.keys(x.client)) t.note(`client header ${name}`);
  for (const name of reads) t.note(`client reads ${name}`);
  return { ...done, asked: server.asked };
}

// An answer that tells of the rate limit, which is used up.
function limited(now, { status, limit, reset }) {
  const headers = {
    date: new Date(now * 1000).toUTCString(),
    'x-rate-limit-limit': `${limit}`,
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': `${reset}`,
    'x-okta-request-id': 'first',
  };
  return { status, headers, body: '' };
}

const errorOf = (done) => JSON.parse(done.err.trim().split('\n').pop()).error;

async function ofClient(t) {
  for (const { status, code, exit } of errors) {
    await t.case('wire/client-errors', `${status} ${code}`, async () => {
      const sent = {
        errorCode: code,
        errorSummary: `a summary of ${code}`,
        errorLink: code,
        errorId: `oae-${code}`,
        errorCauses: [{ errorSummary: 'one cause' }, { errorSummary: 'another' }],
      };
      const done = await client(
        [
          () => ({
            status,
            headers: { 'x-okta-request-id': 'abc' },
            body: JSON.stringify(sent),
          }),
        ],
        ['list', '--retries', '0', '--max-wait', '0'],
        exit,
        t,
        ['x-okta-request-id'],
      );
      const told = errorOf(done);
      assert.deepEqual(
        [told.http, told.oktaErrorCode, told.errorId, told.requestId, told.causes],
        [status, code, sent.errorId, 'abc', ['one cause', 'another']],
      );
      assert.ok(told.message.includes(sent.errorSummary), told.message);
      t.note(`client error ${status} ${code}`);
    });
  }
  const challenges = [
    [
      403,
      5,
      'Bearer realm="https://org", scope="okta.apiTokens.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."',
    ],
    [
      401,
      4,
      'DPoP algs="ES256", Bearer realm="https://org", error="invalid_token", error_description="The token has expired."',
    ],
  ];
  for (const [status, exit, challenge] of challenges) {
    await t.case('wire/challenge', `${status}, no body`, async () => {
      const done = await client(
        [() => ({ status, headers: { 'www-authenticate': challenge }, body: '' })],
        ['list', '--retries', '0'],
        exit,
        t,
        ['www-authenticate'],
      );
      const { message, hint } = errorOf(done);
      assert.ok(message.includes(/error_description="([^"]+)"/.exec(challenge)[1]), message);
      if (status === 403) assert.match(hint, /okta\.apiTokens\.read/);
      t.note(`client error ${status} no body`);
    });
  }
  await t.case(
    'wire/link',
    'folded, parameters first, other cases, an empty page',
    async () => {
      const page = (n, link) => (url) => ({
        headers: { link: link(`${url}${list}`) },
        body: JSON.stringify(n ? [token(n)] : []),
      });
      const done = await client(
        [
          page(
            1,
            (url) =>
              `<${url}?limit=1>; rel="self", <${url}?after=b>; title="a, \\"b\\"; rel=self"; rel="next"`,
          ),
          page(2, (url) => [`<${url}?after=b>;rel=self`, `<${url}?after=c> ; REL=NEXT`]),
          page(0, (url) => `<${url}?after=d>; rel="prefetch next"`),
          page(4, (url) => `<${url}?after=d>; rel="self"`),
        ],
        ['list'],
        0,
        t,
        ['link'],
      );
      assert.deepEqual(
        JSON.parse(done.out).map((x) => x.name),
        ['plain 1', 'plain 2', 'plain 4'],
      );
      assert.deepEqual(
        done.asked.slice(1).map((x) => x.target),
        ['b', 'c', 'd'].map((after) => `${list}?after=${after}`),
      );
    },
  );
  const fine = () => ({ body: JSON.stringify([token(1)]) });
  await t.case('wire/rate-limit', "waits for the reset, by the org's clock", async () => {
    // An org whose clock is an hour behind.
    const now = Math.floor(Date.now() / 1000) - 3600;
    const limit = () => limited(now, { status: 429, limit: 50, reset: now + 1 });
    const began = Date.now();
    const done = await client([limit, fine], ['list'], 0, t, ['date', 'x-rate-limit-reset']);
    const took = Date.now() - began;
    assert.ok(took >= 1900 && took < 10000, `${took} ms`);
    assert.deepEqual(
      done.asked.map((x) => [x.client['x-okta-retry-for'], x.client['x-okta-retry-count']]),
      [
        [undefined, undefined],
        ['first', '1'],
      ],
    );
  });
  await t.case(
    'wire/rate-limit',
    'too many at a time: does not wait for the reset',
    async () => {
      const now = Math.floor(Date.now() / 1000);
      const limit = () => limited(now, { status: 429, limit: 0, reset: now + 200 });
      const began = Date.now();
      await client([limit, fine], ['list'], 0, t, ['x-rate-limit-limit']);
      assert.ok(Date.now() - began < 60000, `${Date.now() - began} ms`);
    },
  );
  await t.case('wire/rate-limit', 'all used up: the next request waits', async () => {
    const now = Math.floor(Date.now() / 1000);
    const first = (url) => {
      const answer = limited(now, { status: 200, limit: 50, reset: now + 2 });
      answer.headers.link = `<${url}${list}?after=b>; rel="next"`;
      return { ...answer, body: JSON.stringify([token(2)]) };
    };
    const began = Date.now();
    const done = await client([first, fine], ['list'], 0, t, ['x-rate-limit-remaining']);
    assert.ok(Date.now() - began >= 1900, `${Date.now() - began} ms`);
    assert.equal(JSON.parse(done.out).length, 2);
  });
  await t.case('wire/foreign-link', '', async () => {
    const foreign = await scripted([fine]);
    const link = `<${foreign.url}${list}?after=b>; rel="next"`;
    const done = await client([() => ({ headers: { link } })], ['list'], 9, t, []);
    foreign.stop();
    assert.equal(done.asked.length, 1);
    assert.deepEqual(foreign.asked, []);
  });
  await t.case('wire/retry-after', '', async () => {
    const began = Date.now();
    await client(
      [() => ({ status: 429, headers: { 'retry-after': '3' }, body: '' }), fine],
      ['list'],
      0,
      t,
      ['retry-after'],
    );
    assert.ok(Date.now() - began >= 2900);
  });
  await t.case('wire/gzip', '', async () => {
    const body = zlib.gzipSync(JSON.stringify([token(1)]));
    const done = await client(
      [() => ({ headers: { 'content-encoding': 'gzip' }, body })],
      ['list'],
      0,
      t,
      ['content-encoding'],
    );
    assert.match(done.asked[0].client['accept-encoding'], /gzip/);
    assert.equal(JSON.parse(done.out)[0].name, 'plain 1');
  });
}

const seed = {
  users: [
    { login: 'ada@example.com', role: 'SUPER_ADMIN' },
    { login: 'hana@example.com', role: 'HELP_DESK_ADMIN' },
  ],
  tokens: [
    {
      id: '00Tplain000000000001',
      secret,
      name: 'plain',
      user: 'ada@example.com',
      created: '-3d',
    },
    {
      id: '00Tplain000000000002',
      secret: weak,
      name: 'weak',
      user: 'hana@example.com',
      created: '-3d',
    },
  ],
};

async function ofServer(t) {
  const open = await lib.org(seed, ['--rate-limit', '0']);
  const limited = await lib.org(seed, ['--rate-limit', '2']);

  async function ask(org, [method, path, body, who = secret]) {
    const headers = {
      accept: 'application/json',
      'content-length': Buffer.byteLength(body || ''),
    };
    if (who) headers.authorization = `SSWS ${who}`;
    if (body) headers['content-type'] = 'application/json';
    const answer = await lib.request(org.url + path, {
      method,
      headers,
      body,
      ca: fs.readFileSync(org.ca),
    });
    t.saw(['server'], { ...answer, method, target: path, given: body });
    return answer;
  }

  for (const { status, code, ask: what, limited: often } of errors.filter(
    (error) => error.ask,
  )) {
    await t.case('wire/server-errors', `${status} ${code}`, async () => {
      let answer = await ask(often ? limited : open, what);
      for (let i = 0; often && answer.status === 200 && i < 5; i += 1)
        answer = await ask(limited, what);
      const body = JSON.parse(answer.body);
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys(body), [
        'errorCode',
        'errorSummary',
        'errorLink',
        'errorId',
        'errorCauses',
      ]);
      assert.deepEqual([body.errorCode, body.errorLink], [code, code]);
      assert.match(body.errorId, /^oae[A-Za-z0-9_-]{22}$/);
      assert.deepEqual(answer.headers['content-type'], ['application/json']);
      assert.match(answer.headers['x-okta-request-id'][0], /^[0-9a-f]{32}$/);
      if (status === 429) assert.equal(answer.headers['x-rate-limit-remaining'][0], '0');
    });
  }
  await t.case('wire/route-table', '', async () => {
    for (const path of ['', '/current', '/{apiTokenId}']) {
      const answer = await ask(open, [
        'PATCH',
        `${list}${path}`.replace('{apiTokenId}', '00Tplain000000000001'),
      ]);
      assert.equal(answer.status, 405, `${answer.status} ${path}`);
      for (const method of answer.headers.allow[0].split(', '))
        t.note(`route ${method} ${list}${path}`);
    }
  });
  assert.equal(await open.stop(), 0);
  assert.equal(await limited.stop(), 0);
}

module.exports = async (t) => {
  await ofClient(t);
  await ofServer(t);
};

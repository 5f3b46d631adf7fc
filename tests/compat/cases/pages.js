// pages.js - okta-orgd's pages in a real browser: the whole device flow, looked
// at by axe, with and without JavaScript, by the keyboard.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const http = require('node:http');

const browser = require('../browser.js');
const lib = require('../lib.js');

const login = 'ada@example.com';
const someone = `${'w'.repeat(80)}@example.com`;
const password = 'correct horse battery';
const client = '0oaTokens00000000000';
const long = '0oaLong0000000000000';
const web = '0oaSite0000000000000';

const scopes = [
  'okta.apiTokens.read',
  'okta.apiTokens.manage',
  'okta.logs.read',
  'offline_access',
];

const seed = (at) => ({
  users: [
    { login, password },
    { login: someone, password },
  ],
  apps: [
    {
      id: client,
      name: 'okta-tokens',
      type: 'native',
      scopes,
    },
    { id: long, name: 'W'.repeat(100), type: 'native', scopes: ['okta.apiTokens.read'] },
    {
      id: web,
      name: 'Site',
      type: 'native',
      scopes: ['okta.apiTokens.read'],
      redirectUris: [`${at.url}/cb`],
    },
  ],
});

const form = (fields) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

// A device that waits.
async function device(org, id = client, scope = scopes.join(' ')) {
  const answer = await lib.request(`${org.url}/oauth2/v1/device/authorize`, {
    ...form({ client_id: id, scope }),
    ca: org.pem,
  });
  assert.equal(answer.status, 200, answer.body);
  return JSON.parse(answer.body);
}

// What it gets for its code.
async function token(org, waits) {
  const answer = await lib.request(`${org.url}/oauth2/v1/token`, {
    ...form({
      client_id: client,
      device_code: waits.device_code,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    }),
    ca: org.pem,
  });
  return { status: answer.status, ...JSON.parse(answer.body) };
}

async function flows(t, org, chromium) {
  for (const how of browser.looks) {
    const decision = how === 'dark' ? 'Deny' : 'Allow';
    await t.case('a person decides what a device may do', `${decision}, ${how}`, async () => {
      const waits = await device(org);
      await browser.visit(chromium, how, org.url, (page) =>
        browser.activate(page, waits.verification_uri_complete, waits.user_code, {
          login,
          password,
          decision,
          seen: (on, name) => browser.look(on, `org-${name}`, how, t.write),
        }),
      );
      const got = await token(org, waits);
      assert.equal(got.status, decision === 'Allow' ? 200 : 403, JSON.stringify(got));
      assert.equal(got.error, decision === 'Allow' ? undefined : 'access_denied');
    });
  }
  await t.case('names that are too long for the screen', 'Deny, small', async () => {
    const waits = await device(org, long, 'okta.apiTokens.read');
    await browser.visit(chromium, 'small', org.url, (page) =>
      browser.activate(page, waits.verification_uri_complete, waits.user_code, {
        login: someone,
        password,
        decision: 'Deny',
        seen: (on, name) => browser.look(on, `${name} with long names`, 'small'),
      }),
    );
  });
  await t.case('the same without JavaScript', 'Allow', async () => {
    const waits = await device(org);
    await browser.visit(
      chromium,
      'light',
      org.url,
      (page) =>
        browser.activate(page, waits.verification_uri, waits.user_code.toLowerCase(), {
          login,
          password,
          decision: 'Allow',
        }),
      { javaScriptEnabled: false },
    );
    assert.equal((await token(org, waits)).status, 200);
  });
}

// A site that a browser is sent back to; asked has what for.
async function site() {
  const asked = [];
  const server = http.createServer((request, answer) => {
    asked.push(request.url);
    answer.setHeader('content-type', 'text/html');
    answer.end('<!DOCTYPE html><title>Site</title><h1>Back at the site</h1>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, asked, stop: () => server.close() };
}

// The policy of the page that asks must let its form lead to the site.
async function sendsBack(t, org, chromium, at) {
  const verifier = crypto.randomBytes(32).toString('base64url');
  const link = `${org.url}/oauth2/v1/authorize?${new URLSearchParams({
    client_id: web,
    response_type: 'code',
    scope: 'okta.apiTokens.read',
    redirect_uri: `${at.url}/cb`,
    state: 'st&te',
    code_challenge: crypto.createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })}`;
  for (const decision of ['Allow', 'Deny']) {
    await t.case('a person decides what a site may do', decision, () =>
      browser.visit(
        chromium,
        'small',
        org.url,
        async (page) => {
          await page.goto(link);
          await browser.signIn(page, login, password);
          await page.getByRole('heading', { name: 'act for you' }).waitFor();
          await browser.look(page, 'what a site asks');
          await page.getByRole('button', { name: decision }).press('Enter');
          await page.getByRole('heading', { name: 'Back at the site' }).waitFor();
          const back = new URL(at.asked.find((url) => url.startsWith('/cb')), at.url);
          at.asked.length = 0;
          assert.equal(back.searchParams.get('state'), 'st&te');
          assert.equal(back.searchParams.get('iss'), org.url);
          assert.equal(back.searchParams.has('code'), decision === 'Allow');
          const error = decision === 'Allow' ? null : 'access_denied';
          assert.equal(back.searchParams.get('error'), error);
        },
        { leadsTo: at.url },
      ),
    );
  }
}

async function mistakes(t, org, chromium) {
  await t.case('what is wrong is told where it is', 'sign-in and code', () =>
    browser.visit(chromium, 'small', org.url, async (page) => {
      await page.goto(`${org.url}/activate`);
      await page.getByLabel('Login').fill(login);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await browser.look(page, 'a wrong password');
      await browser.signIn(page, '', password);
      await page.getByLabel('Code').fill('BCDF-GHJK');
      await page.keyboard.press('Enter');
      assert.match(await page.getByRole('alert').innerText(), /No device is waiting/);
      await browser.look(page, 'a wrong code');
    }),
  );
  await t.case('signing out', 'small', () =>
    browser.visit(chromium, 'small', org.url, async (page) => {
      await page.goto(`${org.url}/`);
      await browser.signIn(page, login, password);
      await browser.look(page, 'home');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await page.goto(`${org.url}/`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }),
  );
}

module.exports = async (t) => {
  if (browser.found() === undefined) {
    t.skip('a person decides what a device may do', '', 'there is no chromium');
    return;
  }
  const at = await site();
  const org = await lib.org(seed(at), ['--rate-limit', '0']);
  org.pem = require('node:fs').readFileSync(org.ca);
  const chromium = await browser.launch();
  try {
    await flows(t, org, chromium);
    await sendsBack(t, org, chromium, at);
    await mistakes(t, org, chromium);
  } finally {
    await chromium.close();
    await org.stop();
    at.stop();
  }
};

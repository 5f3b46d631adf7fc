// browser.js - a real browser: Chromium, driven by playwright-core, and axe-core
// to look at what it shows. No test is in here.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');

const lib = require('./lib.js');

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const images = path.join(lib.root, 'docs/img');

// How a page may be looked at.
const looks = {
  light: { viewport: { width: 800, height: 600 }, colorScheme: 'light' },
  dark: { viewport: { width: 800, height: 600 }, colorScheme: 'dark' },
  small: { viewport: { width: 320, height: 568 }, colorScheme: 'light' },
};

// Where it is; undefined: nowhere.
function found() {
  return process.env.PATH.split(':')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
}

// Root, as in a container, can't have Chromium's own sandbox.
function launch() {
  return chromium.launch({
    executablePath: found(),
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
}

/*
 * Runs body with a page of a browser that knows nothing yet, and holds that
 * nothing was asked for elsewhere than at origin, nor blocked, nor a script
 * there. leadsTo is another origin that a page sends the browser to; more are
 * options of a context, such as javaScriptEnabled.
 */
async function visit(browser, look, origin, body, { leadsTo = origin, ...more } = {}) {
  const context = await browser.newContext({
    ...looks[look],
    ignoreHTTPSErrors: true, // the org's own authority
    ...more,
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    if (/Security|Refused|blocked/.test(message.text())) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    const known = [origin, leadsTo].some((site) => request.url().startsWith(`${site}/`));
    if (!known) wrong.push(`asked for ${request.url()}`);
  });
  try {
    const result = await body(page);
    assert.deepEqual(wrong, []);
    return result;
  } finally {
    await context.close();
  }
}

/*
 * Looks at a page: axe finds nothing, it is not wider than the screen, and no
 * script is in it. keep: writes docs/img/NAME-LOOK.png anew, if it is one of
 * those that are kept.
 */
async function look(page, name, how, keep) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(
    violations.map((v) => `${v.impact}: ${v.help}: ${v.nodes.map((n) => n.html).join(' ')}`),
    [],
    `axe on ${name}`,
  );
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(wider <= 0, `${name} is ${wider} pixels wider than the screen`);
  assert.equal(await page.locator('script, [style], [onclick]').count(), 0);
  const image = path.join(images, `${name}-${how}.png`);
  if (keep && fs.existsSync(image)) {
    await page.screenshot({ path: image, fullPage: true });
  }
}

// Signs in by the keyboard alone, on the page that asks for it.
async function signIn(page, login, password) {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('Login').focus();
  await page.keyboard.type(login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
}

/*
 * From the address that a device shows to the page that ends it. decision:
 * Allow or Deny. seen(page, name) is called on each page.
 */
async function activate(page, address, code, { login, password, decision, seen = () => {} }) {
  await page.goto(address);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await seen(page, 'sign-in');
  await signIn(page, login, password);
  const field = page.getByLabel('Code');
  if ((await field.inputValue()) === '') {
    await field.focus();
    await page.keyboard.type(code);
  }
  await seen(page, 'code');
  await field.press('Enter');
  await page.getByRole('heading', { name: 'act for you' }).waitFor();
  await seen(page, 'consent');
  await page.getByRole('button', { name: decision }).press('Enter');
  await page.getByRole('heading', { name: /Allowed|Denied/ }).waitFor();
  await seen(page, decision === 'Allow' ? 'allowed' : 'denied');
}

module.exports = { found, launch, visit, look, signIn, activate, looks: Object.keys(looks) };

// run.js [--write] [FILE...] - every case of cases/, a line each, and a summary. --write
// writes docs/compatibility.md anew; FILEs are those of cases/ to run alone.
'use strict';

const lib = require('./lib.js');

const order = [
  'prism',
  'node_sdk',
  'sdks',
  'recorded',
  'okta_yaml',
  'keyring',
  'pages',
  'oauth_clients',
  'wire',
  'document',
];
const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const counts = { passed: 0, failed: 0, skipped: 0 };

// What was seen at work: "client header retry-after" -> the ids of the cases.
const seen = new Map();
let current = null;

function note(what) {
  if (!seen.has(what)) seen.set(what, new Set());
  seen.get(what).add(current);
}

const routes = [
  [/^\/api\/v1\/api-tokens\/?$/, '/api/v1/api-tokens'],
  [/^\/api\/v1\/api-tokens\/current$/, '/api/v1/api-tokens/current'],
  [/^\/api\/v1\/api-tokens\/[^/]+$/, '/api/v1/api-tokens/{apiTokenId}'],
];

function codeOf(body) {
  try {
    return JSON.parse(body).errorCode;
  } catch (error) {
    return undefined;
  }
}

function noteBody(side, body) {
  const put = JSON.parse(body);
  for (const key of Object.keys(put)) note(`${side} parameter ${key}`);
  for (const key of Object.keys(put.network || {})) note(`${side} parameter network.${key}`);
}

/*
 * An exchange that went well between a client and a server of which those in
 * sides ("client", "server") are ours: what a document may say was tried.
 */
function saw(sides, exchange) {
  const url = new URL(exchange.target, 'http://localhost');
  const route = routes.find(([pattern]) => pattern.test(url.pathname));
  for (const side of sides) {
    if (route) note(`${side} operation ${exchange.method} ${route[1]}`);
    if (route && route[1].endsWith('}')) note(`${side} parameter apiTokenId`);
    for (const name of url.searchParams.keys()) note(`${side} parameter ${name}`);
    if (exchange.method === 'PUT' && exchange.status === 200) noteBody(side, exchange.given);
    if (exchange.status >= 400) {
      note(`${side} error ${exchange.status} ${codeOf(exchange.body) || 'no body'}`);
    }
  }
  if (sides.includes('client')) {
    for (const name of Object.keys(exchange.client)) note(`client header ${name}`);
  }
  if (sides.includes('server')) {
    for (const name of Object.keys(exchange.headers)) note(`server header ${name}`);
  }
}

function say(result, id, variant, more) {
  console.log(`${result} - ${id}${variant ? ` (${variant})` : ''}${more ? `: ${more}` : ''}`);
}

async function one(id, variant, body) {
  current = id;
  try {
    await body();
    counts.passed += 1;
    say('ok', id, variant);
  } catch (error) {
    counts.failed += 1;
    say('not ok', id, variant);
    console.log(
      `${error.code === 'ERR_ASSERTION' ? error.message : error.stack}`.replace(/^/gm, '    '),
    );
  }
}

function skip(id, variant, why) {
  counts.skipped += 1;
  say('skipped', id, variant, why);
}

async function main() {
  const t = {
    case: one,
    skip,
    saw,
    note,
    seen,
    counts,
    write: process.argv.includes('--write'),
  };
  for (const name of order) {
    if (only.length > 0 && !only.includes(name)) continue;
    // A server that does not start fails the file's tests as one.
    try {
      await require(`./cases/${name}.js`)(t);
    } catch (error) {
      await one(name, 'set-up', () => {
        throw error;
      });
    }
  }
  console.log(
    `${counts.passed} passed, ${counts.failed} failed` +
      `${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
  );
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
process.on('exit', lib.cleanup);
main().then((code) => process.exit(code));

// lib.js - programs started and stopped, requests made and watched. No test is
// in here.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const bin = (name) => path.join(root, 'build/release/bin', name);
const modules = path.join(root, 'build/compat/node_modules');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'okta-compat-'));
const running = new Set();

// Nothing of the caller's own org, proxy or npm takes part.
const environment = {
  PATH: process.env.PATH,
  HOME: path.join(work, 'home'),
  LC_ALL: 'C.UTF-8',
  NODE_PATH: modules,
  no_proxy: '*',
};
fs.mkdirSync(environment.HOME);

let folders = 0;
function folder(name) {
  folders += 1;
  const made = path.join(work, `${folders}-${name}`);
  fs.mkdirSync(made, { mode: 0o700 });
  return made;
}

function write(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function cleanup() {
  for (const child of running) child.kill('SIGKILL');
  fs.rmSync(work, { recursive: true, force: true });
}

function start(command, args, { env = {}, cwd = work, input } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...environment, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.out = '';
  child.err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    child.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    child.err += text;
  });
  if (input !== undefined) child.stdin.end(input);
  running.add(child);
  child.ended = new Promise((resolve) => {
    child.on('error', (error) => {
      child.err += error.message;
      running.delete(child);
      resolve(-1);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve(signal === null ? code : signal);
    });
  });
  return child;
}

// Runs it to its end.
async function run(command, args, options) {
  const child = start(command, args, options);
  const clock = setTimeout(() => child.kill('SIGKILL'), 60000);
  const code = await child.ended;
  clearTimeout(clock);
  return { code, out: child.out, err: child.err, args };
}

// Waits until what it prints has what pattern finds; gives that.
async function printed(child, pattern, what) {
  const until = Date.now() + 30000;
  for (;;) {
    const found = pattern.exec(child.out);
    if (found) return found[1];
    if (!running.has(child) || Date.now() > until) {
      throw new Error(`${what} did not start: ${child.out}${child.err}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function stop(child) {
  child.kill('SIGTERM');
  return child.ended;
}

async function must(command, args, options) {
  const done = await run(command, args, options);
  if (done.code !== 0) {
    throw new Error(
      `${path.basename(command)} ${args.join(' ')}: exit ${done.code}: ${done.err}`,
    );
  }
  return done.out;
}

/*
 * An org of okta-orgd: seed is {users, tokens}, options go to "serve". now, as
 * [] or ['--now', TIME], is when it was seeded and is served.
 */
async function org(seed, options = [], now = []) {
  const at = folder('org');
  const data = path.join(at, 'data');
  await must(bin('okta-orgd'), ['init', '--data', data]);
  const file = write(path.join(at, 'seed.json'), JSON.stringify(seed));
  await must(bin('okta-orgd'), ['seed', '--data', data, ...now, file]);
  const ca = write(
    path.join(at, 'ca.pem'),
    await must(bin('okta-orgd'), ['ca', 'print', '--data', data]),
  );
  const child = start(bin('okta-orgd'), ['serve', '--data', data, '--dev', ...now, ...options]);
  const url = await printed(child, /^(https?:\/\/\S+)\n/m, 'okta-orgd');
  return { url, ca, data, stop: () => stop(child) };
}

// okta-tokens, told the org and the token by the environment.
function tokens(at, args, options = {}) {
  const env = { OKTA_CLIENT_ORGURL: at.url, OKTA_CLIENT_TOKEN: at.token };
  if (at.ca) env.OKTA_CLIENT_CAFILE = at.ca;
  return run(bin('okta-tokens'), args, { ...options, env: { ...env, ...options.env } });
}

// Prism, that serves a description, or watches over what goes through.
async function prism(args) {
  const child = start(process.execPath, [
    path.join(modules, '.bin/prism'),
    ...args,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--cors=false',
    '--multiprocess=false',
  ]);
  const url = await printed(child, /listening on (http:\S+)/, 'prism');
  return {
    url,
    // At its start it prints each route, with any word for an id. Zones and events
    // are beyond these descriptions; that they are not there is borne.
    complaints: () =>
      child.out
        .split('\n')
        .filter((line) => /violation|✖/i.test(line) && !/\[CLI\]/.test(line))
        .filter((line) => !/get \/api\/v1\/(zones|logs) .*NO_PATH_MATCHED/.test(line)),
    stop: () => stop(child),
  };
}

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

function read(stream) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    stream.on('error', reject);
  });
}

// A request as it is told, path and all; the answer's headers by name, in a
// list each.
function request(url, { method = 'GET', headers = {}, body, ca } = {}) {
  const to = new URL(url);
  const given = /^[a-z]+:\/\/[^/]+(.*)$/.exec(url)[1] || '/';
  return new Promise((resolve, reject) => {
    const made = (to.protocol === 'https:' ? https : http).request(
      {
        host: to.hostname,
        port: to.port,
        path: given,
        method,
        headers,
        ca,
        agent: false,
      },
      async (answer) => {
        const names = {};
        for (let i = 0; i < answer.rawHeaders.length; i += 2) {
          const name = answer.rawHeaders[i].toLowerCase();
          (names[name] = names[name] || []).push(answer.rawHeaders[i + 1]);
        }
        resolve({ status: answer.statusCode, headers: names, body: await read(answer) });
      },
    );
    made.on('error', reject);
    made.end(body);
  });
}

/*
 * Stands between a client and an upstream, and notes what passes: for each
 * exchange method, path, query, sent (headers), status, headers, body.
 * change(exchange) may touch what is sent on, answered(exchange) the answer.
 */
async function between(upstream, { change = () => {}, answered = () => {} } = {}) {
  const seen = [];
  const server = http.createServer(async (from, to) => {
    const exchange = {
      method: from.method,
      target: from.url,
      sent: { ...from.headers },
      given: await read(from),
    };
    exchange.client = { ...from.headers };
    change(exchange);
    delete exchange.sent.host;
    const answer = await request(hook.upstream + exchange.target, {
      method: exchange.method,
      headers: exchange.sent,
      body: exchange.given,
    });
    Object.assign(exchange, answer);
    answered(exchange);
    seen.push(exchange);
    for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'content-length']) {
      delete answer.headers[name];
    }
    to.writeHead(exchange.status, answer.headers);
    to.end(exchange.body);
  });
  const hook = { upstream, seen, url: await listen(server) };
  hook.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return hook;
}

module.exports = {
  root,
  modules,
  environment,
  bin,
  folder,
  write,
  cleanup,
  start,
  must,
  run,
  org,
  tokens,
  prism,
  listen,
  request,
  between,
};

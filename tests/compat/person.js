// person.js - a person in front of okta-orgd's pages, without a browser: cookies
// and forms alone. No test is in here.
'use strict';

const assert = require('node:assert');

const lib = require('./lib.js');

class Person {
  constructor(org, login, password) {
    Object.assign(this, { org, login, password });
    this.cookies = new Map();
  }

  // Follows nothing: an answer's Location says where it would go on.
  async ask(path, fields) {
    const answer = await lib.request(new URL(path, this.org.url).href, {
      method: fields ? 'POST' : 'GET',
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: fields && new URLSearchParams(fields).toString(),
      ca: this.org.pem,
    });
    for (const cookie of answer.headers['set-cookie'] || []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.cookies.set(name, value);
    }
    answer.location = (answer.headers.location || [])[0];
    return answer;
  }

  // What the last form of a page has in it that is not shown.
  static hidden(html) {
    const form = html.slice(html.lastIndexOf('<form'));
    const fields = {};
    for (const [, name, value] of form.matchAll(
      /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
    )) {
      fields[name] = value.replace(/&amp;/g, '&').replace(/&#x27;|&#39;/g, "'");
    }
    return fields;
  }

  async signIn() {
    const page = await this.ask('/login');
    const answer = await this.ask('/login', {
      ...Person.hidden(page.body),
      login: this.login,
      password: this.password,
    });
    assert.equal(answer.status, 303, answer.body);
  }

  // For a device's code: decision is "allow" or "deny".
  async decide(code, decision) {
    const page = await this.ask('/activate');
    const asked = await this.ask('/activate', {
      ...Person.hidden(page.body),
      user_code: code,
    });
    assert.equal(asked.status, 200, asked.body);
    const answer = await this.ask('/activate/decide', {
      ...Person.hidden(asked.body),
      user_code: code,
      decision,
    });
    assert.ok(answer.status < 400, answer.body);
  }

  // For an app that sent the browser here; where it is sent back to.
  async consent(url, decision) {
    const { pathname, search } = new URL(url);
    const page = await this.ask(pathname + search);
    assert.equal(page.status, 200, page.body);
    const action = /<form[^>]*action="([^"]+)"/.exec(
      page.body.slice(page.body.lastIndexOf('<form')),
    )[1];
    const answer = await this.ask(action.replace(/&amp;/g, '&'), {
      ...Person.hidden(page.body),
      decision,
    });
    assert.equal(answer.status, 303, answer.body);
    return answer.location;
  }
}

module.exports = Person;

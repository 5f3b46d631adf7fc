// keyring.js - what login keeps, in the Secret Service of GNOME Keyring.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const lib = require('../lib.js');

module.exports = async (t) => {
  await t.case('login keeps its secret in the Secret Service', 'GNOME Keyring', async () => {
    const done = await lib.run('dbus-run-session', [
      '--',
      'sh',
      path.join(__dirname, '../keyring.sh'),
      lib.bin('okta-tokens'),
      lib.bin('okta-orgd'),
    ]);
    assert.equal(done.code, 0, done.err);
  });
};

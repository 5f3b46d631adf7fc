// oauth_client.js ORG APPS - oauth4webapi and openid-client, unmodified, at an
// org; NODE_EXTRA_CA_CERTS names its CA. Each step is named before it is taken,
// so that the last line of a run that fails says where. No test is in here.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { webcrypto } = require('node:crypto');
const { pathToFileURL } = require('node:url');

if (!globalThis.crypto) globalThis.crypto = webcrypto; // Node 18

const [what, url, caFile, appsJson] = process.argv.slice(2);
const apps = JSON.parse(appsJson);
const org = { url, pem: fs.readFileSync(caFile) };
const list = `${url}/api/v1/api-tokens`;
const step = (name) => console.log(name);
const load = (name) =>
  import(pathToFileURL(path.join(process.env.NODE_PATH, name, 'build/index.js')).href);
const Person = require('./person.js');

const person = () => new Person(org, 'ada@example.com', apps.password);

async function keyOf(jwk) {
  const algorithm =
    jwk.kty === 'RSA'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    key: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']),
    kid: jwk.kid,
  };
}

// As at Okta, an assertion is for the endpoint that it is sent to; these clients
// say the issuer unless told.
function assertion(library, key, endpoint) {
  return library.PrivateKeyJwt(key, {
    [library.modifyAssertion]: (header, payload) => {
      payload.aud = endpoint;
    },
  });
}

// private_key_jwt, use, introspection, revocation, by oauth4webapi.
async function service() {
  const oauth = await load('oauth4webapi');
  step('discovery');
  const as = await oauth.processDiscoveryResponse(
    new URL(url),
    await oauth.discoveryRequest(new URL(url), { algorithm: 'oauth2' }),
  );
  for (const app of [apps.rsa, apps.ec]) {
    const client = { client_id: app.id };
    const key = await keyOf(app.jwk);
    const auth = (endpoint) => assertion(oauth, key, as[endpoint]);
    step(`client credentials, ${app.jwk.kty}`);
    const grant = await oauth.processClientCredentialsResponse(
      as,
      client,
      await oauth.clientCredentialsGrantRequest(as, client, auth('token_endpoint'), {
        scope: 'okta.apiTokens.read',
      }),
    );
    assert.equal(grant.token_type, 'bearer');
    assert.equal(grant.scope, 'okta.apiTokens.read');
    step('use');
    const use = () =>
      oauth
        .protectedResourceRequest(grant.access_token, 'GET', new URL(list))
        .catch((error) => error);
    assert.equal((await use()).status, 200);
    step('introspection');
    const told = await oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(
        as,
        client,
        auth('introspection_endpoint'),
        grant.access_token,
      ),
    );
    assert.equal(told.active, true);
    assert.equal(told.client_id, app.id);
    step('revocation');
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, auth('revocation_endpoint'), grant.access_token),
    );
    const after = await use();
    assert.equal(after.cause && after.cause[0].parameters.error, 'invalid_token');
    step('scope that is not granted');
    await assert.rejects(
      oauth
        .clientCredentialsGrantRequest(as, client, auth('token_endpoint'), {
          scope: 'okta.users.manage',
        })
        .then((answer) => oauth.processClientCredentialsResponse(as, client, answer)),
      (error) => error.error === 'invalid_scope',
    );
  }
}

// The same bound to a key, with the nonce that the org asks for.
async function dpop() {
  const oauth = await load('oauth4webapi');
  const as = await oauth.processDiscoveryResponse(
    new URL(url),
    await oauth.discoveryRequest(new URL(url), { algorithm: 'oauth2' }),
  );
  const client = { client_id: apps.bound.id };
  const auth = assertion(oauth, await keyOf(apps.bound.jwk), as.token_endpoint);
  const proof = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const ask = () =>
    oauth
      .clientCredentialsGrantRequest(
        as,
        client,
        auth,
        { scope: 'okta.apiTokens.read' },
        { DPoP: proof },
      )
      .then((answer) => oauth.processClientCredentialsResponse(as, client, answer));
  step('a nonce is asked for');
  await assert.rejects(ask(), (error) => oauth.isDPoPNonceError(error));
  step('with the nonce');
  const grant = await ask();
  assert.equal(grant.token_type, 'dpop');
  step('use with a proof');
  const use = (options) =>
    oauth.protectedResourceRequest(
      grant.access_token,
      'GET',
      new URL(list),
      undefined,
      undefined,
      options,
    );
  assert.equal((await use({ DPoP: proof })).status, 200);
  assert.equal((await use({ DPoP: proof })).status, 200);
  step('with another key');
  const other = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  await assert.rejects(use({ DPoP: other }), (error) => error.status === 400);
  step('without a proof');
  await assert.rejects(use(), (error) => error.status === 401);
}

// The device grant, refreshing, and the family's end, by openid-client.
async function device() {
  const openid = await load('openid-client');
  step('discovery');
  const config = await openid.discovery(new URL(url), apps.native.id, undefined, openid.None());
  const ada = person();
  await ada.signIn();
  step('device: allowed');
  const waits = await openid.initiateDeviceAuthorization(config, {
    scope: 'okta.apiTokens.read offline_access',
  });
  setTimeout(() => ada.decide(waits.user_code, 'allow'), 1000);
  const grant = await openid.pollDeviceAuthorizationGrant(config, waits);
  const use = (token) => openid.fetchProtectedResource(config, token, new URL(list), 'GET');
  assert.equal((await use(grant.access_token)).status, 200);
  step('refresh');
  const second = await openid.refreshTokenGrant(config, grant.refresh_token);
  assert.notEqual(second.refresh_token, grant.refresh_token);
  assert.equal((await use(second.access_token)).status, 200);
  step('introspection');
  assert.equal((await openid.tokenIntrospection(config, second.access_token)).active, true);
  step('a refresh token that was spent: its whole family ends');
  await assert.rejects(openid.refreshTokenGrant(config, grant.refresh_token), {
    error: 'invalid_grant',
  });
  await assert.rejects(openid.refreshTokenGrant(config, second.refresh_token), {
    error: 'invalid_grant',
  });
  await assert.rejects(use(second.access_token));
  step('device: denied');
  const denied = await openid.initiateDeviceAuthorization(config, { scope: 'okta.apiTokens.read' });
  setTimeout(() => ada.decide(denied.user_code, 'deny'), 1000);
  await assert.rejects(openid.pollDeviceAuthorizationGrant(config, denied), {
    error: 'access_denied',
  });
}

// The authorization code with PKCE, by openid-client.
async function pkce() {
  const openid = await load('openid-client');
  const key = await keyOf(apps.web.jwk);
  const at = (endpoint) =>
    openid.discovery(
      new URL(url),
      apps.web.id,
      undefined,
      assertion(openid, key, `${url}/oauth2/v1/${endpoint}`),
    );
  const config = await at('token');
  const ada = person();
  await ada.signIn();
  const begin = async (decision) => {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const to = openid.buildAuthorizationUrl(config, {
      redirect_uri: apps.web.redirect,
      scope: 'okta.apiTokens.read offline_access',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    const back = new URL(await ada.consent(to.href, decision));
    return { back, checks: { pkceCodeVerifier: verifier, expectedState: state } };
  };
  step('allowed');
  const { back, checks } = await begin('allow');
  step('a wrong verifier');
  await assert.rejects(
    openid.authorizationCodeGrant(config, back, {
      ...checks,
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    }),
    { error: 'invalid_grant' },
  );
  const again = await begin('allow');
  step('the code');
  const grant = await openid.authorizationCodeGrant(config, again.back, again.checks);
  assert.equal(
    (await openid.fetchProtectedResource(config, grant.access_token, new URL(list), 'GET')).status,
    200,
  );
  step('the code a second time');
  await assert.rejects(openid.authorizationCodeGrant(config, again.back, again.checks), {
    error: 'invalid_grant',
  });
  step('revocation');
  await openid.tokenRevocation(await at('revoke'), grant.refresh_token);
  await assert.rejects(openid.refreshTokenGrant(config, grant.refresh_token), {
    error: 'invalid_grant',
  });
  step('denied');
  const denied = await begin('deny');
  await assert.rejects(openid.authorizationCodeGrant(config, denied.back, denied.checks), {
    error: 'access_denied',
  });
}

({ service, dpop, device, pkce })[what]().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

// Runs the tests of auth-js itself that talk to a server against Mainstay, on both engines:
//
//   node auth/run.mjs --suite …/packages/core/auth-js [--engine SQLite] [--only file]
//
// Its tests sign their own keys; here the keys of a demonstration's organisation stand for them,
// which lets people sign up as the suite's own configuration does.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runSuite } from '../suite.mjs';

const ORGANIZATION = 'globex';
/** The site of the suite's passkeys. */
const SITE = 'http://localhost:5173';

/** The files whose tests talk to a server, with what they are about. */
const FEATURES = {
  'GoTrueClient.test.ts': 'the client: sign-up, sign-in, sessions, codes, factors, identities',
  'GoTrueApi.test.ts': 'administration: people, links, factors, OAuth clients',
  'GoTrueClient.signOut.test.ts': 'signing out',
  'passkey.e2e.test.ts': 'passkeys',
};

const organization = ({ demo }) => demo.organizations.find(({ slug }) => slug === ORGANIZATION);

/** The key with which the suite signs its own, made as its own script makes it. */
async function sign(folder) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256' };
  await writeFile(join(folder, 'test/supabase/signing_keys.json'), JSON.stringify([key]));
}

/** Lets people sign up without showing that an address is theirs. */
async function open(server) {
  const { id, anon_key: apikey, users } = organization(server);
  const json = { apikey, 'content-type': 'application/json' };
  const send = async (method, path, headers, body) => {
    const options = { method, headers: { ...json, ...headers }, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}${path}`, options);
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  const { email, password } = users.find(({ role }) => role === 'admin');
  const path = '/auth/v1/token?grant_type=password';
  const session = await (await send('POST', path, {}, { email, password })).json();
  const authorization = `Bearer ${session.access_token}`;
  const auth = { signup: true, anonymous: true, confirm_email: false, site_url: SITE };
  await send('PATCH', `/rest/v1/organizations?id=eq.${id}`, { authorization }, { settings: { auth } });
}

/** The organisation's key for one that the suite signed; other tokens as they are. */
function key(server, token) {
  const { anon_key: anon, service_key: service } = organization(server);
  const [, claims = ''] = token?.split('.') ?? [];
  try {
    const { role } = JSON.parse(Buffer.from(claims, 'base64url'));
    return { anon, service_role: service, supabase_admin: service }[role] ?? token;
  } catch {
    return token;
  }
}

function change(server, { path, headers }) {
  const { apikey, authorization, ...others } = headers;
  const sent = { ...others };
  if (apikey) sent.apikey = key(server, apikey);
  if (authorization) {
    const [scheme, token] = authorization.split(' ');
    sent.authorization = `${scheme} ${key(server, token)}`;
  }
  return { path, headers: sent };
}

await runSuite({
  features: FEATURES,
  leftOut: new URL('left-out.tsv', import.meta.url),
  parts: ['src', 'test'],
  prepared: sign,
  serve: ['--default-organization', ORGANIZATION, '--password-length', '6'],
  ready: open,
  change,
});

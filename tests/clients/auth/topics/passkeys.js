import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { Authenticator } from '../harness/authenticator.js';
import { both, given, SITE } from '../harness/engines.js';

const experimental = { passkey: true };

/** Somebody whose client knows of passkeys. */
async function person(engine) {
  const { session, user } = await engine.person();
  const client = engine.client({ experimental });
  await given(client.setSession(session));
  return { client, user };
}

async function register(client, authenticator) {
  const asked = (await given(client.passkey.startRegistration())).data;
  const credential = authenticator.create(asked.options);
  const answer = { challengeId: asked.challenge_id, credential };
  return (await given(client.passkey.verifyRegistration(answer))).data;
}

async function signIn(client, authenticator) {
  const asked = (await given(client.passkey.startAuthentication())).data;
  const credential = authenticator.get(asked.options);
  return client.passkey.verifyAuthentication({ challengeId: asked.challenge_id, credential });
}

/** What a browser gives for an answer in JSON. */
const inBrowser = (answer) => ({ toJSON: () => answer });

/** Options as an authenticator takes them, of those that the client has made for a browser. */
function ofBrowser({ challenge, user, ...rest }) {
  const text = (bytes) => Buffer.from(bytes).toString('base64url');
  return { ...rest, challenge: text(challenge), user: user && { ...user, id: text(user.id) } };
}

export default () =>
  describe('passkeys and security keys', () => {
    both('a passkey signs its person in', async (engine) => {
      await engine.set({});
      const { client, user } = await person(engine);
      const authenticator = new Authenticator(SITE);
      const added = await register(client, authenticator);
      const name = { passkeyId: added.id, friendlyName: 'Key' };
      await given(client.passkey.update(name));

      const other = engine.client({ experimental });
      const { data } = await given(signIn(other, authenticator));
      assert.equal(data.user.id, user.id);
      assert.ok(await engine.opens(data.session.access_token));
      const level = (await given(other.mfa.getAuthenticatorAssuranceLevel())).data;
      assert.equal(level.currentLevel, 'aal2');
      const [listed] = (await given(client.passkey.list())).data;
      assert.deepEqual([listed.id, listed.friendly_name], [added.id, 'Key']);
      assert.ok(listed.last_used_at);

      const admin = engine.admin(undefined, { experimental });
      const place = { userId: user.id, passkeyId: added.id };
      assert.equal((await given(admin.passkey.listPasskeys(place))).data.length, 1);
      await given(admin.passkey.deletePasskey(place));
      const { error } = await signIn(engine.client({ experimental }), authenticator);
      assert.equal(error.code, 'webauthn_verification_failed');
    });

    both('a security key is a second factor', async (engine) => {
      await engine.set({});
      const { client } = await engine.person();
      const wanted = { factorType: 'webauthn', friendlyName: 'Key' };
      const { id: factorId } = (await given(client.mfa.enroll(wanted))).data;
      const key = new Authenticator(SITE);
      const show = async (type, method) => {
        const asked = (await given(client.mfa.challenge({ factorId, webauthn: {} }))).data;
        assert.equal(asked.webauthn.type, type);
        const options = ofBrowser(asked.webauthn.credential_options.publicKey);
        const credential_response = inBrowser(key[method](options));
        const webauthn = { type, credential_response };
        return given(client.mfa.verify({ factorId, challengeId: asked.id, webauthn }));
      };
      await show('create', 'create');
      const level = (await given(client.mfa.getAuthenticatorAssuranceLevel())).data;
      assert.equal(level.currentLevel, 'aal2');
      await show('request', 'get');
      const { webauthn } = (await given(client.mfa.listFactors())).data;
      assert.deepEqual(webauthn.map(({ status }) => status), ['verified']);
    });
  });

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe } from 'node:test';
import { Browser, fragment } from '../harness/browser.js';
import { both, follow, given, PASSWORD, provider, SITE } from '../harness/engines.js';
import { PROVIDER } from '../harness/provider.js';

/** How a browser, which sends no key, says which organisation it is for. */
const oauth = (engine, options = {}) => ({
  provider: PROVIDER,
  options: { ...options, queryParams: { organization_id: engine.organization().id } },
});

const names = (user) => user.identities.map((identity) => identity.provider).sort();

export default () =>
  describe('other providers', () => {
    both('a person comes by a provider', async (engine) => {
      await engine.set({ signup: true });
      const [client, email] = [engine.client(), engine.address()];
      provider().expect({ sub: email, email, email_verified: true, name: 'Ada' });
      const { data } = await given(client.signInWithOAuth(oauth(engine, { redirectTo: SITE })));
      const { at } = await new Browser().follow(data.url);
      assert.equal(at.origin, SITE);
      await given(client.setSession(fragment(at)));
      const { user } = (await given(client.getUser())).data;
      assert.equal(user.email, email);
      assert.equal(user.user_metadata.full_name, 'Ada');
      assert.deepEqual(user.app_metadata.providers, [PROVIDER]);
      const { identities } = (await given(client.getUserIdentities())).data;
      assert.equal(identities[0].identity_data.sub, email);
    });

    both('the client that asked exchanges the code', async (engine) => {
      await engine.set({ signup: true });
      const [client, email] = [engine.client({ flowType: 'pkce' }), engine.address()];
      const { user } = (await given(engine.client().signUp({ email, password: PASSWORD }))).data;
      await follow((await engine.mailbox.next(email)).link);
      provider().expect({ sub: email, email, email_verified: true });
      const { data } = await given(client.signInWithOAuth(oauth(engine, { redirectTo: SITE })));
      const { at } = await new Browser().follow(data.url);
      const exchanged = await given(client.exchangeCodeForSession(at.searchParams.get('code')));
      assert.equal(exchanged.data.user.id, user.id);
      assert.deepEqual(names(exchanged.data.user), ['email', PROVIDER]);
    });

    both('an address that is not verified leads nowhere', async (engine) => {
      await engine.set({ signup: true });
      const { email } = await engine.person();
      provider().expect({ sub: email, email, email_verified: false });
      const { data } = await given(engine.client().signInWithOAuth(oauth(engine)));
      const { at } = await new Browser().follow(data.url);
      assert.equal(fragment(at).error_code, 'provider_email_needs_verification');
    });

    both('a person comes with an ID token', async (engine) => {
      await engine.set({ signup: true });
      const [client, email] = [engine.client(), engine.address()];
      const claims = { sub: email, email, email_verified: true };
      const hash = createHash('sha256').update('n-1').digest('hex');
      const token = await provider().token({ ...claims, nonce: hash });
      const wrong = await client.signInWithIdToken({ provider: PROVIDER, token, nonce: 'n-2' });
      assert.match(wrong.error.message, /Bad ID token/);
      const others = await provider().token(claims, { audience: 'them' });
      const foreign = await client.signInWithIdToken({ provider: PROVIDER, token: others });
      assert.equal(foreign.error.code, 'bad_oauth_callback');
      const late = await provider().token(claims, { expiresIn: -120 });
      const expired = await client.signInWithIdToken({ provider: PROVIDER, token: late });
      assert.equal(expired.error.code, 'bad_oauth_callback');
      const signedIn = { provider: PROVIDER, token, nonce: 'n-1' };
      assert.equal((await given(client.signInWithIdToken(signedIn))).data.user.email, email);
    });

    both('a provider is added, agreed to, and taken away', async (engine) => {
      await engine.set({ signup: true });
      const { client, email } = await engine.person();
      provider().expect({ sub: `${email} there`, email: 'other@example.com' });
      const { data } = await given(client.linkIdentity(oauth(engine, { redirectTo: SITE })));
      const browser = new Browser();
      const { page } = await browser.follow(data.url);
      assert.ok(page.includes(email));
      const code = /name="code" value="([^"]+)"/.exec(page)[1];
      const body = new URLSearchParams({ code });
      const response = await browser.open(`${engine.url}/callback`, { method: 'POST', body });
      const at = new URL(response.headers.get('location'));
      await given(client.setSession(fragment(at)));
      const { identities } = (await given(client.getUserIdentities())).data;
      assert.deepEqual(names({ identities }), ['email', PROVIDER]);
      const [own, theirs] = identities.sort((a, b) => (a.provider < b.provider ? -1 : 1));
      await given(client.unlinkIdentity(theirs));
      const { error } = await client.unlinkIdentity(own);
      assert.equal(error.code, 'single_identity_not_deletable');
    });

    both('a provider is added by the client that asked', async (engine) => {
      const { email, session } = await engine.person();
      const client = engine.client({ flowType: 'pkce' });
      await given(client.setSession(session));
      provider().expect({ sub: `${email} there`, email: 'other@example.com' });
      const { data } = await given(client.linkIdentity(oauth(engine, { redirectTo: SITE })));
      const { at } = await new Browser().follow(data.url);
      const linked = await given(client.exchangeCodeForSession(at.searchParams.get('code')));
      assert.deepEqual(names(linked.data.user), ['email', PROVIDER]);
    });
  });

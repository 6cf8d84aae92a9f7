import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { both, follow, given, PASSWORD, SITE } from '../harness/engines.js';

export default () =>
  describe('signing up', () => {
    both('nobody signs up where it is not allowed', async (engine) => {
      await engine.set({});
      const client = engine.client();
      const { error } = await client.signUp({ email: engine.address(), password: PASSWORD });
      assert.equal(error.code, 'signup_disabled');
      const anonymous = await client.signInAnonymously();
      assert.equal(anonymous.error.code, 'anonymous_provider_disabled');
    });

    both('a new address is confirmed by its link', async (engine) => {
      await engine.set({ signup: true });
      const [client, email] = [engine.client(), engine.address()];
      const options = { data: { name: 'Ada' }, emailRedirectTo: `${SITE}/welcome` };
      const { data } = await given(client.signUp({ email, password: PASSWORD, options }));
      assert.equal(data.session, null);
      const early = await client.signInWithPassword({ email, password: PASSWORD });
      assert.equal(early.error.code, 'email_not_confirmed');
      const mail = await engine.mailbox.next(email);
      assert.deepEqual([mail.from.name, mail.from.address], ['Acme', 'noreply@example.com']);
      assert.ok(mail.html.includes('&amp;type=signup'), mail.html);
      const landing = await follow(mail.link);
      assert.equal(landing.origin + landing.pathname, `${SITE}/welcome`);
      const tokens = Object.fromEntries(new URLSearchParams(landing.hash.slice(1)));
      await given(client.setSession(tokens));
      assert.equal((await given(client.getUser())).data.user.user_metadata.name, 'Ada');
      const again = await follow(mail.link);
      assert.match(again.hash, /error_code=otp_expired/);
    });

    both('an address that has an account is not told apart', async (engine) => {
      await engine.set({ signup: true });
      const { email } = await engine.person();
      const sign = (address) =>
        given(engine.client().signUp({ email: address, password: PASSWORD }));
      const [known, unknown] = [await sign(email), await sign(engine.address())];
      assert.deepEqual(Object.keys(known.data.user), Object.keys(unknown.data.user));
      assert.equal((await engine.mailbox.next(email)).subject, 'Your link to sign in');
    });

    both('people come in anonymously and say later who they are', async (engine) => {
      await engine.set({ anonymous: true });
      const client = engine.client();
      const { data } = await given(client.signInAnonymously({ options: { data: { cart: 1 } } }));
      assert.ok(data.user.is_anonymous);
      assert.deepEqual(data.user.user_metadata, { cart: 1 });
      const email = engine.address();
      await given(client.updateUser({ email }));
      const { code } = await engine.mailbox.next(email);
      const verified = await given(client.verifyOtp({ email, token: code, type: 'email_change' }));
      assert.equal(verified.data.user.id, data.user.id);
      assert.equal(verified.data.user.is_anonymous, false);
    });
  });

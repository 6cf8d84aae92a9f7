import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { both, follow, given, SITE } from '../harness/engines.js';

export default () =>
  describe('links and codes', () => {
    both('a person signs in with a code', async (engine) => {
      const [{ email }, client] = [await engine.person(), engine.client()];
      await given(client.signInWithOtp({ email, options: { shouldCreateUser: false } }));
      const { code } = await engine.mailbox.next(email);
      const wrong = code === '000000' ? '000001' : '000000';
      const { error } = await client.verifyOtp({ email, token: wrong, type: 'email' });
      assert.equal(error.code, 'otp_expired');
      await given(client.verifyOtp({ email, token: code, type: 'email' }));
      assert.equal((await given(client.getUser())).data.user.email, email);
      const again = await client.verifyOtp({ email, token: code, type: 'email' });
      assert.equal(again.error.code, 'otp_expired');
    });

    both('the browser that asked exchanges the code of a link', async (engine) => {
      await engine.set({});
      const { email } = await engine.person();
      const client = engine.client({ flowType: 'pkce' });
      await given(client.signInWithOtp({ email, options: { emailRedirectTo: SITE } }));
      const landing = await follow((await engine.mailbox.next(email)).link);
      assert.equal(landing.origin, SITE);
      const code = landing.searchParams.get('code');
      await given(client.exchangeCodeForSession(code));
      assert.equal((await given(client.getUser())).data.user.email, email);
    });

    both('a forgotten password is replaced', async (engine) => {
      const { email, session } = await engine.person();
      const client = engine.client();
      await given(client.resetPasswordForEmail(email, { redirectTo: 'https://evil.example' }));
      const landing = await follow((await engine.mailbox.next(email)).link);
      assert.notEqual(landing.origin, 'https://evil.example');
      const tokens = Object.fromEntries(new URLSearchParams(landing.hash.slice(1)));
      await given(client.setSession(tokens));
      await given(client.updateUser({ password: 'Anderes-Holz-9-Marder' }));
      assert.ok(!(await engine.opens(session.access_token)));
    });

    both('a nobody gets no mail and the same answer', async (engine) => {
      const email = engine.address();
      const { data, error } = await engine.client().resetPasswordForEmail(email);
      assert.deepEqual([data, error], [{}, null]);
      const { email: known } = await engine.person();
      await given(engine.client().resetPasswordForEmail(known));
      await engine.mailbox.next(known);
      assert.equal(engine.mailbox.count(email), 0);
    });

    both('a code shows once more who asks', async (engine) => {
      const { client, email } = await engine.person();
      await given(client.reauthenticate());
      const { code, link } = await engine.mailbox.next(email);
      assert.equal(link, undefined);
      await given(client.updateUser({ password: 'Anderes-Holz-9-Marder', nonce: code }));
    });
  });

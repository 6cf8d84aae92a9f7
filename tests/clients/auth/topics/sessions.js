import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { both, given, PASSWORD } from '../harness/engines.js';

export default () =>
  describe('sessions', () => {
    both('a person signs in, is told who they are, and signs out', async (engine) => {
      const { client, email, session, user } = await engine.person();
      assert.equal(user.email, email);
      assert.equal(session.token_type, 'bearer');
      assert.equal((await given(client.getUser())).data.user.id, user.id);
      assert.ok(await engine.opens(session.access_token));
      await given(client.signOut());
      assert.ok(!(await engine.opens(session.access_token)));
      const { error } = await engine.client().getUser(session.access_token);
      assert.equal(error.name, 'AuthSessionMissingError');
    });

    both('claims are verified with the published keys', async (engine) => {
      const { client, email, session } = await engine.person();
      const { claims, header } = (await given(client.getClaims())).data;
      assert.equal(header.alg, 'ES256');
      assert.equal(claims.email, email);
      assert.equal(claims.aal, 'aal1');
      assert.equal(claims.amr[0].method, 'password');
      const forged = `${session.access_token.slice(0, -4)}AAAA`;
      assert.equal((await client.getClaims(forged)).error.name, 'AuthInvalidJwtError');
    });

    both('a session is refreshed, in several tabs at once', async (engine) => {
      const { client, session } = await engine.person();
      const { refresh_token } = session;
      const tabs = [1, 2, 3].map(() => engine.client().refreshSession({ refresh_token }));
      const tokens = (await Promise.all(tabs)).map(({ data, error }) => {
        assert.equal(error, null);
        return data.session.refresh_token;
      });
      assert.equal(new Set(tokens).size, 1);
      const next = await given(client.refreshSession({ refresh_token: tokens[0] }));
      const { error } = await engine.client().refreshSession({ refresh_token });
      assert.equal(error.code, 'refresh_token_already_used');
      assert.ok(!(await engine.opens(next.data.session.access_token)));
    });

    both('each scope signs out where it says', async (engine) => {
      const { email, client } = await engine.person();
      const other = engine.client();
      await given(other.signInWithPassword({ email, password: PASSWORD }));
      await given(client.signOut({ scope: 'others' }));
      assert.equal((await other.getUser()).error.name, 'AuthSessionMissingError');
      await given(client.getUser());
      await given(client.signOut({ scope: 'local' }));
    });

    both('wrong credentials are refused alike', async (engine) => {
      const { email } = await engine.person();
      const errors = [];
      for (const address of [email, engine.address()]) {
        const { error } = await engine.client().signInWithPassword({
          email: address,
          password: 'wrong',
        });
        errors.push({ ...error, message: error.message });
      }
      assert.deepEqual(errors[0], errors[1]);
      assert.equal(errors[0].code, 'invalid_credentials');
    });

    both('a person changes what they say of themselves, and the password', async (engine) => {
      const { client, email } = await engine.person();
      const { data } = await given(client.updateUser({ data: { color: 'red' } }));
      assert.deepEqual(data.user.user_metadata, { color: 'red' });
      const weak = await client.updateUser({ password: 'password1' });
      assert.equal(weak.error.name, 'AuthWeakPasswordError');
      assert.deepEqual(weak.error.reasons, ['pwned']);
      const same = await client.updateUser({ password: PASSWORD });
      assert.equal(same.error.code, 'same_password');
      const password = 'Anderes-Holz-9-Marder';
      await given(client.updateUser({ password }));
      await given(engine.client().signInWithPassword({ email, password }));
    });
  });

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { both, follow, given, PASSWORD } from '../harness/engines.js';

export default () =>
  describe('people', () => {
    both('a program makes, changes, lists and removes people', async (engine) => {
      const [admin, email] = [engine.admin(), engine.address()];
      const app_metadata = { plan: 'gold' };
      const made = await given(admin.createUser({ email, password: PASSWORD, app_metadata }));
      const { id } = made.data.user;
      assert.equal(made.data.user.app_metadata.plan, 'gold');
      const changed = await given(
        admin.updateUserById(id, { email_confirm: true, user_metadata: { color: 'red' } }),
      );
      assert.deepEqual(changed.data.user.user_metadata, { color: 'red' });
      const page = await given(admin.listUsers({ page: 1, perPage: 1 }));
      assert.equal(page.data.users[0].email, email);
      assert.equal(page.data.nextPage, 2);
      assert.ok(page.data.total > 1);
      assert.equal((await given(admin.getUserById(id))).data.user.email, email);
      assert.equal((await engine.admin('globex').getUserById(id)).error.code, 'user_not_found');
      await given(admin.deleteUser(id));
      assert.equal((await admin.getUserById(id)).error.code, 'user_not_found');
    });

    both('a barred person is out at once', async (engine) => {
      const { session, user, email } = await engine.person();
      await given(engine.admin().updateUserById(user.id, { ban_duration: '24h' }));
      assert.ok(!(await engine.opens(session.access_token)));
      const { error } = await engine.client().signInWithPassword({ email, password: PASSWORD });
      assert.equal(error.code, 'user_banned');
    });

    both('an invitation is mailed and accepted', async (engine) => {
      const [admin, email] = [engine.admin(), engine.address()];
      const { data } = await given(admin.inviteUserByEmail(email, { data: { name: 'Ada' } }));
      assert.ok(data.user.invited_at);
      const { link } = await engine.mailbox.next(email);
      const landing = await follow(link);
      const tokens = Object.fromEntries(new URLSearchParams(landing.hash.slice(1)));
      const client = engine.client();
      await given(client.setSession(tokens));
      assert.equal((await given(client.getUser())).data.user.user_metadata.name, 'Ada');
    });

    both('a link can be made without being sent', async (engine) => {
      const [admin, email] = [engine.admin(), engine.address()];
      const asked = { type: 'signup', email, password: PASSWORD };
      const { properties, user } = (await given(admin.generateLink(asked))).data;
      assert.equal(user.email, email);
      const client = engine.client();
      const { hashed_token } = properties;
      await given(client.verifyOtp({ token_hash: hashed_token, type: 'signup' }));
      assert.equal(engine.mailbox.count(email), 0);
    });
  });

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

/** Wrong passwords that lock nothing yet. */
const FREE = 5;

export default () =>
  describe('guessing', () => {
    both('too many wrong passwords lock the account until its link is opened', async (engine) => {
      const [person, eve] = [await engine.person(), await visitor(engine)];
      for (let attempt = 0; attempt <= FREE; attempt += 1) {
        await eve.signIn({ email: person.email, password: 'wrong' });
        assert.equal(await eve.problem(), 'The address or the password is wrong.');
      }
      await eve.signIn(person);
      assert.match(await eve.problem(), /too many attempts/);
      await eve.inspect();
      const { link } = await engine.mailbox.next(person.email);
      await fetch(link, { redirect: 'manual' });
      await eve.signIn(person);
      assert.equal(eve.path(), '/account/acme');
      await eve.close();
    });
  });

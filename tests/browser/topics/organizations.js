import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { code } from '../harness/authenticator.js';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

export default () =>
  describe('organisations', () => {
    both('a person goes from one organisation to another', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await engine.invite(person.email, 'globex');
      // Who opens a link has shown the address to be theirs: the password from before is over.
      await fetch((await engine.mailbox.next(person.email)).link, { redirect: 'manual' });
      await ada.open('/organizations');
      await ada.send({ 'Send a link and a code to': person.email }, 'Send');
      await ada.page.goto((await engine.mailbox.next(person.email)).link);
      await ada.press('Sign in');
      assert.equal(await ada.page.getByRole('heading', { level: 2 }).count(), 2);
      await ada.inspect();
      const before = await ada.session();
      await ada.press(/^Go to /);
      assert.equal(ada.path(), '/account/globex');
      assert.notEqual((await ada.session()).value, before.value);
      await ada.open('/devices');
      assert.equal(ada.path(), '/account/acme/sign-in');
      await ada.inspect();
      await ada.press(/^Go to /);
      assert.equal(ada.path(), '/account/acme');
      await ada.close();
    });

    both('an organisation that demands a second factor gets one first', async (engine) => {
      await engine.set({ require_second_factor: true }, 'globex');
      const [person, ada] = [await engine.person('globex'), await visitor(engine)];
      await ada.page.goto('/account/globex/sign-in');
      await ada.send({ 'E-mail address': person.email, Password: person.password }, 'Sign in');
      assert.equal(ada.path(), '/account/globex/factors');
      await ada.inspect();
      await ada.page.goto('/account/globex/devices');
      assert.equal(ada.path(), '/account/globex/factors');
      await ada.send({ 'What you call it': 'Telephone' }, 'Add');
      const key = await ada.page.locator('#key').innerText();
      await ada.send({ Code: code(key) }, 'Add');
      await ada.page.goto('/account/globex/devices');
      assert.equal(ada.path(), '/account/globex/devices');
      await ada.close();
    });
  });

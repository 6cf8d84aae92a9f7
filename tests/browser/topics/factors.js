import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { code } from '../harness/authenticator.js';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

/** Adds an authenticator; gives its key. */
async function enroll(somebody, name) {
  await somebody.open('/factors');
  await somebody.send({ 'What you call it': name }, 'Add');
  const key = await somebody.page.locator('#key').innerText();
  assert.ok(await somebody.page.getByRole('img', { name: /QR code/ }).isVisible());
  return key;
}

export default () =>
  describe('second factors', () => {
    both('a person adds an authenticator and signs in with it', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await ada.signIn(person);
      const key = await enroll(ada, 'Telephone');
      await ada.inspect();
      await ada.send({ Code: '12' }, 'Add');
      assert.match(await ada.problem(), /code is wrong/);
      await ada.send({ Code: code(key) }, 'Add');
      assert.match(await ada.notice(), /second factor is on/);
      await ada.inspect();
      await ada.press('Sign out');

      await ada.signIn(person);
      assert.equal(await ada.heading(), 'Second factor');
      await ada.inspect();
      await ada.open('/factors');
      assert.equal(ada.path(), '/account/acme/second-factor');
      const before = await ada.session();
      // The code of the enrolment is used up; clocks may be ahead by a step.
      await ada.send({ Code: code(key, 1) }, 'Go on');
      assert.equal(ada.path(), '/account/acme/factors');
      const after = await ada.session();
      assert.notEqual(before.value, after.value);
      await ada.context.addCookies([before]);
      await ada.open('/factors');
      assert.equal(ada.path(), '/account/acme/sign-in');
      await ada.close();
    });

    both('a recovery code stands in for a lost authenticator, once', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await ada.signIn(person);
      const key = await enroll(ada, 'Telephone');
      await ada.send({ Code: code(key) }, 'Add');
      await ada.press('New recovery codes');
      const codes = await ada.page.locator('.codes code').allInnerTexts();
      assert.equal(codes.length, 10);
      await ada.inspect();

      const other = await visitor(engine);
      await other.signIn(person);
      await other.send({ Code: codes[0] }, 'Go on');
      assert.equal(other.path(), '/account/acme');
      const third = await visitor(engine);
      await third.signIn(person);
      await third.send({ Code: codes[0] }, 'Go on');
      assert.match(await third.problem(), /code is wrong/);
      await other.open('/factors');
      await other.press('Remove Telephone');
      assert.equal(await other.notice(), 'The second factor is gone.');
      for (const somebody of [ada, other, third]) await somebody.close();
    });

    both('a code is mailed when the person asks for it', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await engine.mailCodes(person);
      await ada.signIn(person);
      await ada.inspect();
      assert.equal(engine.mailbox.count(person.email), 0);
      await ada.press(/^Send a code to /);
      await ada.inspect();
      const { code: mailed } = await engine.mailbox.next(person.email);
      await ada.send({ Code: mailed }, 'Go on');
      assert.equal(ada.path(), '/account/acme');
      await ada.close();
    });
  });

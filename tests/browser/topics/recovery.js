import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { visitor } from '../harness/browser.js';
import { both } from '../harness/engines.js';

const NEW_PASSWORD = 'Anderes-Holz-9-Marder';

export default () =>
  describe('passwords', () => {
    both('a forgotten password is replaced', async (engine) => {
      const person = await engine.person();
      const [elsewhere, ada] = [await visitor(engine), await visitor(engine)];
      await elsewhere.signIn(person);
      await ada.open('/sign-in');
      await ada.page.getByRole('link', { name: 'Forgotten password' }).click();
      await ada.inspect();
      await ada.send({ 'E-mail address': person.email }, 'Send');
      const { link } = await engine.mailbox.next(person.email);
      await ada.page.goto(link);
      await ada.press('Choose a new password');
      assert.equal(ada.path(), '/account/acme/password');
      await ada.inspect();
      await ada.send({ 'New password': person.email }, 'Change the password');
      assert.match(await ada.problem(), /easy to guess/);
      await ada.send({ 'New password': NEW_PASSWORD }, 'Change the password');
      assert.match(await ada.notice(), /password is changed/);

      await elsewhere.open();
      assert.equal(elsewhere.path(), '/account/acme/sign-in');
      await elsewhere.signIn({ email: person.email, password: NEW_PASSWORD });
      assert.equal(elsewhere.path(), '/account/acme');
      for (const somebody of [ada, elsewhere]) await somebody.close();
    });

    both('a nobody sees the same page and gets no mail', async (engine) => {
      const [{ email: known }, unknown] = [await engine.person(), engine.address()];
      const told = [];
      for (const address of [unknown, known]) {
        const somebody = await visitor(engine);
        await somebody.open('/recovery');
        await somebody.send({ 'E-mail address': address }, 'Send');
        told.push((await somebody.page.getByRole('main').innerText()).replaceAll(address, ''));
        await somebody.close();
      }
      assert.equal(told[0], told[1]);
      await engine.mailbox.next(known);
      assert.equal(engine.mailbox.count(unknown), 0);
    });

    both('who changes the password says the present one', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      await ada.signIn(person);
      await ada.open('/password');
      await ada.inspect();
      const wrong = { 'Present password': 'wrong', 'New password': NEW_PASSWORD };
      await ada.send(wrong, 'Change the password');
      assert.equal(await ada.problem(), 'This is not your password.');
      const right = { 'Present password': person.password, 'New password': NEW_PASSWORD };
      await ada.send(right, 'Change the password');
      assert.match(await ada.notice(), /password is changed/);
      await ada.close();
    });

    both('an address changes when both have agreed', async (engine) => {
      const [person, ada] = [await engine.person(), await visitor(engine)];
      const email = engine.address();
      await ada.signIn(person);
      await ada.open('/address');
      await ada.inspect();
      await ada.send({ 'New address': email }, 'Send the links');
      await ada.page.goto((await engine.mailbox.next(person.email)).link);
      await ada.press('Confirm the address');
      assert.match(await ada.notice(), /other address too/);
      await ada.page.goto((await engine.mailbox.next(email)).link);
      await ada.press('Confirm the address');
      assert.equal(ada.path(), '/account/acme');
      assert.ok(await ada.page.getByRole('definition').getByText(email).isVisible());
      await ada.close();
    });
  });

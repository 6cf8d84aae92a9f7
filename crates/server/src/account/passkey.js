// Asks an authenticator for what the page's form holds, and sends its answer (WebAuthn §5.1).

const form = document.querySelector('form[data-ceremony]');
const button = form.querySelector('button');
const told = document.getElementById('told');

async function ask() {
  const options = JSON.parse(form.dataset.options);
  const credential =
    form.dataset.ceremony === 'create'
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  told.textContent = 'Waiting for your device.';
  try {
    await ask();
    form.submit();
  } catch {
    // Browsers tell pages little of the reason, so that nobody is recognised by it.
    told.textContent = 'Your device gave no answer, or this browser has no passkeys. Try again.';
    button.disabled = false;
  }
});

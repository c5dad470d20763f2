/* Passkeys: asks the browser's authenticator and hands its answer to the server, which checks it.
 *
 * data-passkey="create" or "get" is a form: when it is sent, the answer is put into its control
 * `credential`. "prove" is a part of another form, which is not sent: only the proof is. Parts that
 * need this script are hidden until it runs; what it says stands in the page, in the page's language.
 */
"use strict";
(() => {
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const withId = (one) => ({ ...one, id: toBytes(one.id) });

  const asked = {
    create: (options) => navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: withId(options.user),
        excludeCredentials: (options.excludeCredentials || []).map(withId),
      },
    }),
    get: (options) => navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: (options.allowCredentials || []).map(withId),
      },
    }),
  };

  const written = (credential) => {
    const { response } = credential;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const answer = Object.fromEntries(
      parts.filter((name) => response[name]).map((name) => [name, toText(response[name])]));
    if (response.getTransports) answer.transports = response.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: answer,
    });
  };

  /* Sends controls of a form as a form does; which ones, the caller says. */
  const send = (address, values) => fetch(address, {
    method: "POST", body: new URLSearchParams(values), credentials: "same-origin",
  });

  /* The authenticator's answer; null where the server gave no options. */
  const answerTo = async (part, values) => {
    const given = await send(part.dataset.options, values);
    if (!given.ok) return null;
    const ceremony = part.dataset.passkey === "create" ? asked.create : asked.get;
    return written(await ceremony(await given.json()));
  };

  const said = { NotAllowedError: "cancelled", InvalidStateError: "known" };
  const tell = (part, error) => {
    const problem = part.querySelector(":scope > [data-problem]");
    problem.textContent = part.dataset[error ? said[error.name] : "failed"] || part.dataset.failed;
    problem.hidden = false;
  };

  const begin = (part) => {
    part.querySelector(":scope > [data-problem]").hidden = true;
    part.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  };
  const end = (part) =>
    part.querySelectorAll("button").forEach((button) => { button.disabled = false; });

  /* A form that is sent with the answer. Without options it is sent as it is: the page that comes
   * back says what is wrong with what was typed. */
  const onForm = (form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    begin(form);
    try {
      const answer = await answerTo(form, new FormData(form));
      if (!answer && form.dataset.passkey === "get") return tell(form);
      form.elements.credential.value = answer || "";
      form.submit();
    } catch (error) {
      tell(form, error);
    } finally {
      end(form);
    }
    return undefined;
  });

  /* A proof within a form: shown as given, or the way on is taken. */
  const onProof = (part) => part.querySelector("button").addEventListener("click", async () => {
    const token = { csrf_token: part.closest("form").elements.csrf_token.value };
    begin(part);
    try {
      const credential = await answerTo(part, token);
      const proven = credential && await send(part.dataset.prove, { ...token, credential });
      if (!proven || !proven.ok) tell(part);
      else if (part.dataset.then) window.location.assign(part.dataset.then);
      else show(part);
    } catch (error) {
      tell(part, error);
    } finally {
      end(part);
    }
  });

  /* Every part of the page that asks for the same proof has it now. */
  const show = (part) => {
    document.querySelectorAll("[data-passkey=prove]").forEach((one) => {
      one.querySelector("button").hidden = true;
      one.querySelector(":scope > [data-problem]").hidden = true;
      one.querySelector("[data-done]").hidden = false;
      document.querySelectorAll("[data-instead]").forEach((typed) => {
        typed.hidden = true;
        typed.parentElement.classList.remove("control-wrong");
      });
    });
    part.querySelector("[data-done]").focus();
  };

  const isThere = window.PublicKeyCredential && navigator.credentials;
  document.querySelectorAll("[data-passkey]:not([data-ready])").forEach((part) => {
    part.dataset.ready = "";
    if (!isThere) return part.dataset.unsupported ? tell(part, { name: "unsupported" }) : undefined;
    part.hidden = false;
    return part.dataset.passkey === "prove" ? onProof(part) : onForm(part);
  });
})();

// What makes the form a little easier where scripts run; everything works without it.
(() => {
  "use strict";
  const summary = document.querySelector(".summary");
  if (summary) summary.focus();

  // Code points after line ends and composed characters, as the server counts them.
  const length = (text) => Array.from(text.replace(/\r\n?/g, "\n").normalize("NFC")).length;
  for (const area of document.querySelectorAll("[data-counter]")) {
    const most = Number(area.dataset.counter);
    const shown = document.getElementById(`${area.id}-counter`);
    const say = () => {
      const left = most - length(area.value);
      const text = left < 0 ? shown.dataset.over : shown.dataset.left;
      shown.textContent = text.replace("#", Math.abs(left).toLocaleString("ja-JP"));
      shown.classList.toggle("is-over", left < 0);
    };
    let waiting;
    area.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(say, 150); });
    say();
  }

  const image = document.getElementById("captcha-image");
  const renew = document.getElementById("captcha-renew");
  if (image && renew) {
    const say = (key) => {
      const told = document.getElementById("captcha-told");
      told.textContent = told.dataset[key] || "";
    };
    let asScriptless = false;
    renew.addEventListener("click", async (event) => {
      if (asScriptless) return;
      event.preventDefault();
      say("");
      const body = new FormData();
      body.append("form_token", document.querySelector("[name=form_token]").value);
      const sent = { method: "POST", body, headers: { Accept: "application/json" } };
      const answer = await fetch(renew.dataset.address, sent).catch(() => null);
      if (!answer) { say("away"); return; }
      // The visit is over: sent as without script, the form comes back with all that was typed.
      if (!answer.ok) { asScriptless = true; renew.click(); return; }
      const { version } = await answer.json();
      image.src = image.src.replace(/v=.*/, `v=${version}`);
      const player = document.getElementById("captcha-player");
      if (player) player.remove();
      const field = document.getElementById("captcha");
      field.value = "";
      field.focus();
    });

    // Fetched whole: players that ask for a piece first would be given pieces of two sounds.
    const play = document.getElementById("captcha-play");
    document.getElementById("captcha-window").remove(); // it is played in this one
    play.addEventListener("click", async (event) => {
      event.preventDefault();
      say("");
      let player = document.getElementById("captcha-player");
      if (!player) {
        const answer = await fetch(play.href).catch(() => null);
        if (!answer || !answer.ok) { say(answer ? "spent" : "away"); return; }
        player = document.createElement("audio");
        player.id = "captcha-player";
        player.controls = true;
        player.src = URL.createObjectURL(await answer.blob());
        play.closest(".captcha").after(player);
      }
      player.play().catch(() => player.focus()); // where it may not begin by itself, its own button
    });
  }
})();

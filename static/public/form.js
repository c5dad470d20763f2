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
    renew.addEventListener("click", async (event) => {
      event.preventDefault();
      const body = new FormData();
      body.append("form_token", document.querySelector("[name=form_token]").value);
      const answer = await fetch(renew.dataset.address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) { window.location.reload(); return; }
      const { version } = await answer.json();
      image.src = image.src.replace(/v=.*/, `v=${version}`);
      const player = document.getElementById("captcha-player");
      if (player) player.remove();
      const field = document.getElementById("captcha");
      field.value = "";
      field.focus();
    });
  }
  const play = document.getElementById("captcha-play");
  if (play) {
    play.addEventListener("click", (event) => {
      event.preventDefault();
      let player = document.getElementById("captcha-player");
      if (!player) {
        player = document.createElement("audio");
        player.id = "captcha-player";
        player.controls = true;
        player.src = play.href;
        play.closest(".captcha").after(player);
      }
      player.play();
    });
  }
})();

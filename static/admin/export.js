// Shows how far an export is. The download is the form's own answer and needs no script.
(function () {
  "use strict";
  var form = document.getElementById("export-form");
  var box = document.getElementById("progress");
  if (!form || !box) { return; }
  var bar = box.querySelector("progress");
  var list = document.getElementById("places");
  var text = box.querySelector("[data-text]");
  var label = { running: text.dataset.running, done: text.dataset.done, failed: text.dataset.failed };
  var misses = 0;

  function show(found) {
    bar.max = Math.max(found.total, 1);
    bar.value = found.status === "SUCCEEDED" ? bar.max : found.rows;
    var words = found.status === "SUCCEEDED" ? label.done
      : found.status === "IN_PROGRESS" ? label.running : label.failed;
    text.textContent = words
      .replace("{rows}", found.rows.toLocaleString())
      .replace("{total}", found.total.toLocaleString());
    if (found.replaced) {
      text.textContent += " " + text.dataset.replaced.replace("{replaced}", found.replaced.toLocaleString());
    }
    list.replaceChildren.apply(list, (found.places || []).map(item));
    list.hidden = !list.firstChild;
    return found.status === "IN_PROGRESS";
  }

  function item(place) {
    var made = document.createElement("li");
    made.textContent = place;
    return made;
  }

  function ask() {
    fetch(form.dataset.progress, { headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (answer.status === 404 && misses++ < 20) { return { status: "IN_PROGRESS", rows: 0, total: 0 }; }
        return answer.ok ? answer.json() : { status: "FAILED", rows: 0, total: 0 };
      })
      .then(function (found) { if (show(found)) { window.setTimeout(ask, 700); } })
      .catch(function () { window.setTimeout(ask, 2000); });
  }

  form.addEventListener("submit", function () {
    box.hidden = false;
    misses = 0;
    window.setTimeout(ask, 300);
  });
}());

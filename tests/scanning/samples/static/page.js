node.innerHTML = text; // bad: script-writes-markup
node.insertAdjacentHTML("beforeend", text); // bad: script-writes-markup
document.write(text); // bad: script-writes-markup
eval(text); // bad: script-writes-markup
setTimeout("leave()", 10); // bad: script-writes-markup
node.textContent = text; // good: script-writes-markup
setTimeout(() => leave(), 10); // good: script-writes-markup

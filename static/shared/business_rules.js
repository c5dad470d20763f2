// Business rules on a form, public or the office's: what they show, require, lock, set and say while
// it is filled in. The server judges again whatever is sent (models/metadata/rule_effects.py says the
// same in Python, and a test holds the two together); without this script all controls are there.
const uketsukeRules = (() => {
  "use strict";

  const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const tidy = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
  const number = (text) => Number(text.normalize("NFKC").replace(/,/g, "").trim());
  const isEmpty = (value) => value === "" || value.length === 0;
  const same = (kind, one, other) => one === other || (kind === "number" && one !== "" && other !== "" && number(one) === number(other));

  const compare = {
    "lt": (order) => order < 0,
    "le": (order) => order <= 0,
    "gt": (order) => order > 0,
    "ge": (order) => order >= 0,
  };

  const meets = (condition, value, kind) => {
    const { operator, values } = condition;
    if (operator === "null" || operator === "not-null") return isEmpty(value) === (operator === "null");
    const isAmong = values.some((one) => same(kind, one, value));
    if (operator === "ne" || operator === "not-in") return !isAmong;
    if (isEmpty(value)) return false;
    if (operator === "eq" || operator === "in") return isAmong;
    if (operator === "begins-with") return small(value).startsWith(small(values[0]));
    if (operator === "contains") return small(value).includes(small(values[0]));
    if (operator === "contain-values") return values.some((one) => value.includes(one));
    const order = kind === "number" ? number(value) - number(values[0]) : (value > values[0]) - (value < values[0]);
    return compare[operator](order);
  };

  const holds = (part, values, kinds) => {
    if (!part.parts) return meets(part, values[part.attribute] ?? "", kinds[part.attribute]);
    const each = (one) => holds(one, values, kinds);
    return part.kind === "and" || !part.parts.length ? part.parts.every(each) : part.parts.some(each);
  };

  // As rule_effects.effects: one pass in the given order, settings seen by the rules that follow.
  const effects = ({ rules, kinds }, given) => {
    const values = { ...given }, set = {}, named = {};
    const shown = new Set(), messages = [];
    const note = (does, attribute) => (named[does] ??= new Set()).add(attribute);
    for (const rule of rules) {
      for (const action of [...rule.then, ...rule.else]) if (action.does === "show") shown.add(action.attribute);
      for (const action of holds(rule.when, values, kinds) ? rule.then : rule.else) {
        note(action.does, action.attribute);
        if (action.does === "set") set[action.attribute] = values[action.attribute] = action.value;
        if (action.does === "error" || action.does === "recommend") messages.push(action);
      }
    }
    const hidden = new Set([...(named.hide ?? []), ...[...shown].filter((name) => !named.show?.has(name))]);
    return {
      set, hidden, locked: named.lock ?? new Set(),
      required: new Set([...(named.require ?? [])].filter((name) => !hidden.has(name))),
      messages: messages.filter((one) => one.does === "error" || String(values[one.attribute] ?? "") !== String(one.value)),
    };
  };

  return { effects, holds, tidy };
})();

if (typeof document !== "undefined") (() => {
  "use strict";
  const form = document.querySelector("form[data-rules]");
  if (!form) return;
  const told = JSON.parse(form.dataset.rules), words = JSON.parse(form.dataset.words);
  const named = (name) => [...form.elements].filter((element) => element.name === name);
  const boxOf = (name) => named(name)[0]?.closest(".control");
  const names = new Set([...form.elements].map((element) => element.name));

  const read = (name) => {
    const elements = named(name);
    if (elements.some((one) => one.type === "checkbox")) return elements.filter((one) => one.checked).map((one) => one.value);
    if (elements[0]?.multiple) return [...elements[0].selectedOptions].map((one) => one.value);
    return uketsukeRules.tidy(elements[0]?.value ?? "");
  };
  const write = (name, value) => {
    for (const element of named(name)) {
      if (element.type === "checkbox") element.checked = value.includes(element.value);
      else if (element.multiple) for (const one of element.options) one.selected = value.includes(one.value);
      else element.value = value;
    }
  };
  const entered = () => {
    const values = { ...told.known };
    for (const name of names) if (name) values[name] = read(name);
    return values;
  };

  // What a control was before any rule spoke of it.
  const ruled = new Set(told.rules.flatMap((rule) => [...rule.then, ...rule.else]).map((action) => action.attribute));
  const before = {};
  for (const name of ruled) {
    const mark = boxOf(name)?.querySelector(".need, .required");
    before[name] = { isRequired: named(name)[0]?.getAttribute("aria-required") === "true" || mark?.className === "required", mark };
  }

  const require = (name, isRequired) => {
    const box = boxOf(name), { mark, isRequired: always } = before[name];
    const is = always || isRequired;
    for (const element of named(name)) if (element.type !== "checkbox") element.setAttribute("aria-required", String(is));
    if (mark?.classList.contains("need")) {
      mark.className = `need ${is ? "is-required" : "is-optional"}`;
      mark.textContent = is ? words.required : words.optional;
    } else if (!always) {
      box.querySelector(".required.is-ruled")?.remove();
      if (is) {
        const added = document.createElement("span");
        added.className = "required is-ruled";
        added.textContent = words.required;
        box.querySelector("label, legend").append(" ", added);
      }
    }
  };

  const say = (name, messages) => {
    const box = boxOf(name);
    let place = box.querySelector(".rule-messages");
    if (!place) {
      place = document.createElement("div");
      place.className = "rule-messages";
      place.setAttribute("role", "status");
      box.append(place);
    }
    const text = JSON.stringify(messages);
    if (place.dataset.said === text) return;
    place.dataset.said = text;
    place.replaceChildren(...messages.map((message) => {
      const line = document.createElement("p");
      line.className = message.does === "error" ? "error problem" : "recommendation";
      line.textContent = message.message;
      if (message.does === "recommend") {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "linklike btn btn-sm btn-outline-secondary";
        button.textContent = words.take;
        button.addEventListener("click", () => { write(name, message.value); judge(); named(name)[0].focus(); });
        line.append(" ", button);
      }
      return line;
    }));
  };

  const judge = () => {
    const found = uketsukeRules.effects(told, entered());
    for (const [name, value] of Object.entries(found.set)) if (String(read(name)) !== String(value)) write(name, value);
    for (const name of ruled) {
      if (!boxOf(name)) continue;
      boxOf(name).hidden = found.hidden.has(name);
      require(name, found.required.has(name));
      for (const element of named(name)) element.disabled = form.dataset.locks === "yes" && found.locked.has(name);
      say(name, found.messages.filter((message) => message.attribute === name));
    }
  };
  form.addEventListener("input", judge);
  form.addEventListener("change", judge);
  judge();
})();

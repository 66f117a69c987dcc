// The messages of the channel that is open, and the controls under them.

import { $, ask, make, path, sayProblem, user } from "./common.js";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const open = { channel: null, messages: new Map() };

export const channel = () => open.channel;
export const newest = () => Math.max(0, ...open.messages.keys());

export function clear(channel) {
  open.channel = channel;
  open.messages.clear();
  $("messages").replaceChildren();
}

export function show(message, { fresh = false } = {}) {
  const known = $("messages").querySelector(`[data-n="${message.n}"]`);
  const old = open.messages.get(message.n);
  if (known && JSON.stringify(old) === JSON.stringify(message)) return known;
  open.messages.set(message.n, message);
  const article = element(message);
  if (known) {
    known.replaceWith(article);
    return article;
  }
  const atEnd = $("stream").scrollHeight - $("stream").scrollTop - $("stream").clientHeight < 80;
  const later = [...$("messages").querySelectorAll(".message")].find((other) => Number(other.dataset.n) > message.n);
  if (later) later.before(article);
  else $("messages").append(article);
  if (fresh) article.classList.add("fresh");
  arrangeDays();
  if (atEnd) $("stream").scrollTop = $("stream").scrollHeight;
  return article;
}

export function arrangeDays() {
  $("messages").querySelectorAll(".day, .welcome").forEach((mark) => mark.remove());
  let last = "";
  for (const article of $("messages").querySelectorAll(".message")) {
    const day = DAY.format(new Date(open.messages.get(Number(article.dataset.n)).at));
    if (day !== last) article.before(make("p", { class: "day" }, day));
    last = day;
  }
  if (!last) $("messages").append(make("p", { class: "welcome" }, make("strong", {}, "Nothing here yet"),
    "New papers are posted here as they arrive. Ask with /papers help."));
}

// ---------------------------------------------------------------- how a message looks

function element(message) {
  const body = make("div", { class: "body" });
  body.innerHTML = message.html; // made and escaped by the server's own templates
  const at = new Date(message.at);
  const head = make("header", { class: "head" },
    make("span", { class: "author" }, "Paper Round"), make("time", { datetime: message.at, title: DAY.format(at) }, TIME.format(at)));
  if (message.private) head.append(make("span", { class: "privacy" }, "only you see this"));
  const article = make("article", { class: `message ${message.kind}`, id: `m${message.n}`, "data-n": String(message.n) });
  if (message.private) article.classList.add("private");
  if (message.asked) article.append(make("p", { class: "asked" }, message.asked));
  article.append(head, make("div", { class: "bubble" }, body), controls(message));
  return article;
}

function controls(message) {
  const bar = make("div", { class: "actions" });
  for (const name of ["page", "view", "offer"]) {
    const members = message.actions.filter((action) => action.group === name);
    if (!members.length) continue;
    const attributes = { class: `group ${name}` };
    if (name === "page") Object.assign(attributes, { role: "group", "aria-label": "Pages" });
    const made = members.map((action) => control(message, action));
    bar.append(make("div", attributes, ...(name === "offer" ? withMore(made) : made)));
  }
  return bar;
}

function control(message, action) {
  const common = { "data-control": action.id.split(".")[1], disabled: Boolean(action.disabled) };
  if (action.type === "select") return select(message, action, common);
  if (action.type === "number") return number(message, action, common);
  if (action.type === "text") return comment(message, action, common);
  const button = make("button", { ...common, type: "button" }, action.label);
  button.addEventListener("click", () => use(message, action.id, action.value, button));
  return button;
}

const SHOWN_ON_A_PHONE = 5;

// On a phone what does not fit a few rows is behind a button.
function withMore(members) {
  if (members.length <= SHOWN_ON_A_PHONE) return members;
  const rest = make("div", { class: "rest" }, ...members.slice(SHOWN_ON_A_PHONE - 1));
  const more = make("button", { type: "button", class: "more", "aria-expanded": "false" }, "More");
  more.addEventListener("click", () => more.setAttribute("aria-expanded", String(rest.classList.toggle("open"))));
  return [...members.slice(0, SHOWN_ON_A_PHONE - 1), more, rest];
}

// A closed menu would take each arrow key for a choice; here the key opens it.
function openInstead(event) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !event.target.showPicker) return;
  event.preventDefault();
  event.target.showPicker();
}

const hasChoice = (action) => action.options.some((option) => option.selected);

function select(message, action, common) {
  const options = action.options.map((o) => make("option", { value: o.value, selected: o.selected }, o.label));
  if (!hasChoice(action)) options.unshift(make("option", { value: "", selected: true }, action.label));
  const element = make("select", { ...common, "aria-label": action.label }, ...options);
  element.addEventListener("keydown", openInstead);
  element.addEventListener("change", async () => {
    if (element.value) await use(message, action.id, element.value, element);
    if (!hasChoice(action)) element.value = "";
  });
  return element;
}

function number(message, action, common) {
  const title = `${action.label}, 1 to ${action.maximum}`;
  const input = make("input", { ...common, type: "text", inputmode: "numeric", value: action.value, "aria-label": action.label, title });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("change", () => {
    const valid = /^\d+$/.test(input.value.trim());
    input.classList.toggle("invalid", !valid);
    if (valid) use(message, action.id, input.value.trim(), input);
  });
  return input;
}

// A button that opens a line for a comment.
function comment(message, action, common) {
  const input = make("input", { type: "text", maxlength: "500", placeholder: "Comment, if you like", "aria-label": `Comment: ${action.label}`, value: action.value });
  const button = make("button", { ...common, type: "button" }, action.label);
  const line = make("span", { class: "comment" }, input, button);
  const opener = make("button", { type: "button", "aria-expanded": "false" }, `${action.label}…`);
  line.hidden = true;
  opener.addEventListener("click", () => {
    line.hidden = !line.hidden;
    opener.setAttribute("aria-expanded", String(!line.hidden));
    if (!line.hidden) input.focus();
  });
  button.addEventListener("click", () => use(message, action.id, input.value, button));
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) button.click(); });
  return make("span", { class: "comments" }, opener, line);
}

// ---------------------------------------------------------------- using a control

async function use(message, action, value, from) {
  const article = from.closest(".message");
  if (article.getAttribute("aria-busy")) return;
  article.setAttribute("aria-busy", "true");
  const body = { user: user(), admin: $("admin").checked, message: message.n, action, value };
  try {
    const answer = await ask(path(open.channel, "actions"), body);
    const shown = show(answer);
    if (answer.n === message.n) keepFocus(shown, from);
    else visitFrom(shown, from);
    shown.scrollIntoView({ block: answer.n === message.n ? "nearest" : "start" });
    if (answer.n === message.n && shown.getBoundingClientRect().height > $("stream").clientHeight) shown.scrollIntoView({ block: "start" });
    lineChanged();
  } catch (error) {
    sayProblem(error);
  } finally {
    article.removeAttribute("aria-busy");
  }
}

function keepFocus(article, from) {
  const same = article.querySelector(`[data-control="${from.dataset.control}"]:not(:disabled)`);
  (same ?? article.querySelector("[data-control]:not(:disabled)"))?.focus({ preventScroll: true });
}

// The answer to a control is where one reads on; Escape leads back to the control.
const cameFrom = new WeakMap();

function visitFrom(article, from) {
  cameFrom.set(article, from);
  article.tabIndex = -1;
  article.focus({ preventScroll: true });
}

$("messages").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const from = cameFrom.get(event.target.closest(".message"));
  (from?.isConnected ? from : $("text")).focus();
});

// The composer listens to its own line; so it learns of what is put there, or said under it, from here.
const lineChanged = () => $("text").dispatchEvent(new Event("input"));

$("messages").addEventListener("click", (event) => {
  const opener = event.target.closest("[data-action]");
  const example = event.target.closest("[data-command]");
  if (opener) use(open.messages.get(Number(opener.closest(".message").dataset.n)), opener.dataset.action, undefined, opener);
  if (example) {
    $("text").value = example.dataset.command;
    lineChanged();
    $("text").focus();
  }
});

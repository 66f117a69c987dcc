// What may come next in the command line: a list above it (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
// Arrows choose, Tab or Enter takes, Escape closes; Enter with nothing chosen sends the line as it is.

import { $, ask, make, path, user } from "./common.js";
import { channel } from "./messages.js";

const PATIENCE = 90; // milliseconds without a key before the server is asked
const COMBOBOX = { role: "combobox", "aria-expanded": "true", "aria-controls": "completions", "aria-autocomplete": "list", "aria-haspopup": "listbox" };
let suggestions = [];
let chosen = -1;
let waiting = null;
let question = 0;

const options = () => [...$("completions").children];

export function close() {
  clearTimeout(waiting);
  question += 1;
  suggestions = [];
  draw();
}

export function suggest() {
  clearTimeout(waiting);
  if (!$("text").value.trim()) return close();
  waiting = setTimeout(fetchSuggestions, PATIENCE);
}

async function fetchSuggestions() {
  const number = (question += 1);
  const [text, cursor] = [$("text").value, $("text").selectionStart];
  const query = new URLSearchParams({ text, cursor: [...text.slice(0, cursor)].length, user: user() });
  try {
    const found = await ask(path(channel(), `completions?${query}`));
    if (number !== question) return;
    suggestions = found.map((each) => ({ ...each, text: replaced(text, each) }));
    draw();
  } catch {
    close(); // typing goes on without help
  }
}

// Positions count whole characters, as the server does.
function replaced(text, { start, end, insert }) {
  const characters = [...text];
  const before = characters.slice(0, start).join("") + insert;
  return { whole: before + characters.slice(end).join(""), cursor: before.length };
}

function draw() {
  chosen = -1;
  $("completions").replaceChildren(...suggestions.map((each, index) => {
    const option = make("li", { role: "option", id: `completion-${index}`, "aria-selected": "false" },
      make("span", { class: "insert" }, each.insert), ...(each.what ? [make("span", { class: "what" }, each.what)] : []));
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
    return option;
  }));
  const open = suggestions.length > 0;
  $("completions").hidden = !open;
  $("text").removeAttribute("aria-activedescendant");
  for (const [name, value] of Object.entries(COMBOBOX)) {
    if (open) $("text").setAttribute(name, value);
    else $("text").removeAttribute(name);
  }
  $("found").textContent = open ? `${suggestions.length} suggestions` : "";
}

function choose(index) {
  chosen = (index + suggestions.length) % suggestions.length;
  options().forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
  options()[chosen].scrollIntoView({ block: "nearest" });
  $("text").setAttribute("aria-activedescendant", `completion-${chosen}`);
}

function take(index) {
  const { whole, cursor } = suggestions[index].text;
  $("text").value = whole;
  $("text").setSelectionRange(cursor, cursor);
  close();
  $("text").dispatchEvent(new Event("input"));
}

// Whether the key was one for the list.
export function press(event) {
  if (!suggestions.length || event.isComposing) return false;
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? suggestions.length - 1 : chosen - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Tab" && !event.shiftKey) take(Math.max(chosen, 0));
  else if (event.key === "Enter" && chosen >= 0) take(chosen);
  else return false;
  event.preventDefault();
  return true;
}

$("text").addEventListener("blur", close);

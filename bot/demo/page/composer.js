// The line at the bottom of a pane: plain words where they are allowed, and slash commands with their options.
import { act, h, readFile, words } from "./dom.js";
import { entities } from "./message.js";

const [INTEGER, BOOLEAN, NUMBER, ATTACHMENT] = [4, 5, 10, 11];
const SELECT_OF = { 6: 5, 7: 8, 8: 6, 9: 7 }; // type of an option → type of the select with the same choices
let count = 0;

/** Fill the composer of a pane anew; `state` is what its person sees now. */
export function composer(holder, state, place) {
  const say = words(place.locale);
  const sealed = !state.channel.may_write;
  const name = `${state.channel.direct ? "@" : "#"}${state.channel.name}`;
  const input = h("input", { placeholder: sealed ? say.sealed : `${say.write} ${name}`, "aria-label": sealed ? say.sealed : `${say.write} ${name}`, disabled: sealed, autocomplete: "off" });
  const search = (open) => suggest(input, () => found(state.commands, input.value), (command) => options(holder, command, state, place), open);
  const slash = h("button.slash", { title: say.commands, "aria-label": say.commands, disabled: !state.commands.length }, "/");
  slash.addEventListener("click", () => { [input.disabled, input.value] = [false, "/"]; input.focus(); list.refresh(); });
  const back = () => { if (sealed) [input.disabled, input.value] = [true, ""]; };
  holder.replaceChildren(h("div.line", {}, slash, input));
  const list = search();
  input.addEventListener("blur", () => setTimeout(back, 200));
  input.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") input.blur();
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !input.value.trim()) return;
    if (input.value.startsWith("/")) return place.complain(say.nocommand);
    const text = input.value;
    input.value = "";
    await act("write", { person: place.me.id, where: place.channelId, text }).catch((error) => place.complain(error.message));
  });
}

function found(commands, typed) {
  if (!typed.startsWith("/")) return [];
  const wanted = typed.slice(1).trim().toLowerCase();
  return commands.filter((each) => each.shown.includes(wanted) || each.name.includes(wanted))
    .map((each) => ({ label: `/${each.shown}`, description: each.description, value: each }));
}

function options(holder, command, state, place) {
  const readers = new Map();
  const close = () => { composer(holder, state, place); holder.querySelector("input").focus(); };
  const fields = command.options.map((option) => field(option, command, readers, place));
  const form = h("form.command", {}, h("b", {}, `/${command.shown}`), h("span.subtext", {}, command.description), fields,
    h("button.button.primary", {}, words(place.locale).submit),
    h("button.button.secondary", { type: "button", onclick: close }, words(place.locale).cancel));
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) close(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const given = await values(readers);
      const answer = await act("run", { person: place.me.id, where: place.channelId, command: command.name, options: given });
      composer(holder, state, place);
      place.answered(answer);
    } catch (error) { place.complain(error.message); }
  });
  holder.replaceChildren(form);
  (form.querySelector("input, select") ?? form.querySelector("button")).focus();
}

async function values(readers, without) {
  const given = {};
  for (const [name, read] of readers) {
    const value = name === without ? undefined : await read();
    if (value !== undefined && value !== "") given[name] = value;
  }
  return given;
}

function field(option, command, readers, place) {
  const id = `option-${count++}`;
  const node = control(option, place);
  [node.id, node.required] = [id, Boolean(option.required)];
  readers.set(option.name, () => read(option, node));
  const label = h("label", { for: id, title: option.description }, option.shown, option.required ? h("span.star", { "aria-hidden": "true" }, " *") : null);
  const holder = h("div.option", {}, label, node);
  if (option.autocomplete) {
    const ask = async () => {
      const given = await values(readers, option.name);
      const answer = await act("complete", { person: place.me.id, where: place.channelId, command: command.name, option: option.name, typed: node.value, options: given });
      return answer.choices.map((each) => ({ label: each.name, value: each.value }));
    };
    suggest(node, ask, (value, label) => { [node.value, node.chosen] = [label, { label, value }]; }, true);
  }
  return holder;
}

function control(option, place) {
  const choices = option.choices.map((each) => [each.value, each.name]);
  const offered = choices.length ? choices : option.type === BOOLEAN ? [["true", "✓"], ["false", "✗"]] : SELECT_OF[option.type] && entities({ type: SELECT_OF[option.type], channel_types: option.channel_types }, place);
  if (offered) return h("select", {}, h("option", { value: "" }, option.description), offered.map(([value, label]) => h("option", { value: String(value) }, label)));
  if (option.type === ATTACHMENT) return h("input", { type: "file" });
  return h("input", { placeholder: option.description, autocomplete: "off", maxlength: option.max_length && String(option.max_length), inputmode: [INTEGER, NUMBER].includes(option.type) ? "numeric" : null });
}

async function read(option, node) {
  if (option.type === ATTACHMENT) return node.files[0] && readFile(node.files[0]);
  if (node.value === "") return undefined;
  const value = node.chosen?.label === node.value ? node.chosen.value : node.value;
  if (option.type === BOOLEAN) return value === "true";
  return [INTEGER, NUMBER].includes(option.type) ? Number(value) : value;
}

/**
 * Offer a list above an input: arrows move, Enter or Tab takes, Escape closes. `find` gives {label, description, value}.
 * While a list for the newest text is awaited the old one is grey (aria-busy), and the keys do not take from it.
 */
function suggest(input, find, take, always = false) {
  const id = `suggestions-${count++}`;
  const list = h("ul.suggestions", { id, role: "listbox", hidden: true });
  let [items, at, asked] = [[], 0, 0];
  for (const [name, value] of [["role", "combobox"], ["aria-controls", id], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
  input.before(list);
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); };
  const pick = (item) => { asked += 1; close(); take(item.value, item.label); };
  const draw = () => {
    list.replaceChildren(...items.map((item, place) => h("li", { id: `${id}-${place}`, role: "option", "aria-selected": String(place === at), onmousedown: (event) => { event.preventDefault(); pick(item); } }, h("b", {}, item.label), item.description ? h("span.subtext", {}, item.description) : null)));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (items.length) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const refresh = async () => {
    const mine = ++asked;
    list.ariaBusy = "true";
    const result = await Promise.resolve(find()).catch(() => []);
    if (mine !== asked || document.activeElement !== input) return;
    [items, at, list.ariaBusy] = [result, 0, null];
    draw();
  };
  input.addEventListener("input", refresh);
  if (always) input.addEventListener("focus", refresh);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || (list.ariaBusy && event.key !== "Escape")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { at = (at + step + items.length) % items.length; draw(); }
    else if (event.key === "Enter" || event.key === "Tab") pick(items[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  return { refresh };
}

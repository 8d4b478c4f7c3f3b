// A form of the bot as a dialog: Escape closes it and keeps nothing; what the client would refuse is not sent.
import { act, h, readFile, words } from "./dom.js";
import { markdown } from "./markdown.js";
import { avatar, picked, select } from "./message.js";

export function openForm(spec, place) {
  const say = words(place.locale);
  const fields = new Map();
  const problem = h("p.failure", { role: "alert", hidden: true });
  const submit = h("button.button.primary", { type: "submit" }, say.submit);
  const form = h("form", {},
    h("header", {}, avatar("Standfirst"), h("h2", { id: "form-title" }, spec.title), h("span.subtext", {}, place.me.name),
      h("button.plain", { type: "button", "aria-label": say.cancel, onclick: () => dialog.close() }, "✕")),
    h("p.notice", {}, say.form),
    spec.components.map((item) => part(item, place, fields)), problem,
    h("footer", {}, h("button.button.secondary", { type: "button", onclick: () => dialog.close() }, say.cancel), submit));
  const dialog = h("dialog.form", { "aria-labelledby": "form-title", onclose: () => dialog.remove() }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      const values = {};
      for (const [name, read] of fields) values[name] = await read();
      const answer = await act("send", { person: place.me.id, where: place.channelId, form: spec.token, custom_id: spec.custom_id, values });
      if (answer.kind === "failed") throw new Error(say.retry);
      dialog.close();
      place.answered(answer);
    } catch (error) {
      [problem.hidden, problem.textContent, submit.disabled] = [false, error.message, false];
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, input, select")?.focus();
}

function part(item, place, fields) {
  if (item.type === 10) return markdown(item.content, place);
  if (item.type === 1) return item.components.map((child) => labelled(child.label, "", child, place, fields));
  if (item.type === 18) return labelled(item.label, item.description, item.component, place, fields);
  return null;
}

function labelled(label, description, control, place, fields) {
  const id = `field-${control.custom_id}`;
  const required = control.required ?? true;
  const input = MAKERS[control.type]?.(control, place, fields) ?? h("p", {}, "This kind of field is not drawn here.");
  input.id = id;
  input.required = required;
  if (input.role === "group") input.ariaLabel = label;
  return h("div.field", {}, h("label", { for: id }, label, required ? h("span.star", { "aria-hidden": "true" }, " *") : null),
    description ? h("div.subtext", {}, description) : null, input, counter(input, control));
}

function counter(input, control) {
  if (control.type !== 4 || !control.max_length) return null;
  const node = h("div.subtext.counter", { "aria-live": "off" });
  const show = () => { node.textContent = `${input.value.length} / ${control.max_length}`; };
  input.addEventListener("input", show);
  show();
  return node;
}

const MAKERS = {
  4(control, place, fields) {
    const node = h(control.style === 2 ? "textarea" : "input", { dir: "auto", placeholder: control.placeholder, maxlength: control.max_length && String(control.max_length), minlength: control.min_length && String(control.min_length), rows: "6" });
    node.value = control.value ?? "";
    fields.set(control.custom_id, () => node.value);
    return node;
  },
  19(control, place, fields) {
    const node = h("input", { type: "file", multiple: (control.max_values ?? 1) > 1 });
    fields.set(control.custom_id, () => Promise.all([...node.files].map(readFile)));
    return node;
  },
};
for (const type of [3, 5, 6, 7, 8]) {
  MAKERS[type] = (control, place, fields) => {
    if (control.options && control.max_values > 1) return ticks(control, fields);
    const node = select(control, place);
    fields.set(control.custom_id, () => picked(node));
    return node;
  };
}

/** Several options to tick: a browser's own list of them takes one key to read and another to choose. */
function ticks(control, fields) {
  const boxes = control.options.map((each) => h("input", { type: "checkbox", value: each.value, checked: Boolean(each.default) }));
  fields.set(control.custom_id, () => boxes.filter((box) => box.checked).map((box) => box.value));
  return h("div.ticks", { role: "group" }, boxes.map((box, at) => h("label", { dir: "auto" }, box, control.options[at].label)));
}

// One message as Discord draws it: components, embeds, files, who may see it, and what can be pressed.
import { h, words } from "./dom.js";
import { markdown } from "./markdown.js";

const EPHEMERAL = 64;
const BUTTON_STYLES = ["", "primary", "secondary", "success", "danger", "link"];
const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
const colour = (number) => `#${(number ?? 0x4e5058).toString(16).padStart(6, "0")}`;

const isEmpty = (payload) => !payload.content && ![payload.components, payload.embeds, payload.attachments].some((each) => each.length);

export function avatar(name, address) {
  const found = /([0-9a-f]{6})\.png/.exec(address ?? "");
  const node = h("span.avatar", { "aria-hidden": "true" }, initials(name));
  node.style.background = found ? `#${found[1]}` : "#5865f2";
  if (name === "Standfirst") node.classList.add("bot");
  return node;
}

export function message(payload, place) {
  const say = words(place.locale);
  const name = payload.author.global_name ?? payload.author.username;
  const node = h("article.message", { "data-id": payload.id, tabindex: "-1" },
    avatar(name, payload.author.avatar_url),
    h("div.body", {},
      h("div.author", {}, h("b", {}, name), payload.author.bot || payload.webhook_id ? h("span.app", {}, say.app) : null, clock(payload, place, say)),
      isEmpty(payload) ? h("div.subtext.thinking", {}, h("i"), h("i"), h("i"), ` ${name} ${say.thinking}`) : null,
      payload.content ? markdown(payload.content, place) : null,
      payload.components.map((item) => component(item, payload, place)),
      payload.embeds.map((item) => embed(item, place)),
      payload.attachments.map((item) => file(item.url, item.filename)),
      payload.thread && payload.thread.id !== place.channelId ? thread(payload.thread, place, say) : null,
      place.failures.has(payload.id) ? h("div.failure", {}, place.failures.get(payload.id)) : null,
      payload.flags & EPHEMERAL ? h("div.ephemeral", {}, `${say.ephemeral} · `, h("button.plain", { onclick: () => place.dismiss(payload) }, say.dismiss)) : null));
  if (payload.flags & EPHEMERAL) node.classList.add("private");
  return node;
}

function clock(payload, place, say) {
  const at = new Date(payload.timestamp);
  const time = at.toLocaleTimeString(place.locale, { timeStyle: "short" });
  const day = at.toDateString() === new Date().toDateString() ? say.today : at.toLocaleDateString(place.locale);
  return h("span.subtext", {}, `${day} ${time}`);
}

function thread(channel, place, say) {
  return h("button.thread", { onclick: () => place.open(channel.id) }, h("b", { dir: "auto" }, channel.name),
    h("span", {}, `${say.see}${channel.message_count ? ` (${channel.message_count})` : ""} ›`));
}

function file(url, name) {
  if (/\.(png|jpe?g|gif|webp)$/i.test(name)) return h("img.picture", { src: url, alt: name });
  return h("a.file", { href: url, download: name }, `📄 ${name}`);
}

function component(item, payload, place) {
  const below = () => (item.components ?? []).map((child) => component(child, payload, place));
  switch (item.type) {
    case 1: return h("div.row", {}, below());
    case 2: return button(item, payload, place);
    case 3: case 5: case 6: case 7: case 8: return h("div.field", {}, select(item, place, (values) => place.choose(payload, item, values)));
    case 9: return h("div.section", {}, h("div", {}, below()), component(item.accessory, payload, place));
    case 10: return markdown(item.content, place);
    case 11: return picture(item, "thumbnail");
    case 12: return h("div.gallery", {}, item.items.map((each) => picture(each, "picture")));
    case 13: return file(item.file.url, item.name ?? item.file.url.split("/").at(-1));
    case 14: return h(item.divider === false ? "div.gap" : "hr");
    case 17: return container(item, below());
    default: return h("div.subtext", {}, `(component ${item.type})`);
  }
}

function container(item, children) {
  const node = h(item.spoiler ? "div.container.veiled" : "div.container", {}, children);
  if (item.accent_color !== null && item.accent_color !== undefined) node.style.borderLeftColor = colour(item.accent_color);
  return node;
}

function picture(item, kind) {
  const node = h(`img.${kind}`, { src: item.media.url, alt: item.description ?? "", title: item.description });
  if (item.spoiler) node.classList.add("veiled");
  return node;
}

function button(item, payload, place) {
  const inside = [item.emoji?.name ? `${item.emoji.name} ` : "", item.label ?? ""];
  if (item.url) {
    const known = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/.exec(item.url);
    if (known) return h("button.button.secondary", { onclick: () => place.open(known[1], known[2]) }, inside, " ↗");
    return h("a.button.secondary", { href: item.url, target: "_blank", rel: "noreferrer noopener" }, inside, " ↗");
  }
  const press = (event) => place.press(payload, item, event.currentTarget);
  return h(`button.button.${BUTTON_STYLES[item.style]}`, { disabled: Boolean(item.disabled), "data-name": item.custom_id, onclick: press }, inside);
}

/** A select of any kind; `chosen` is called with the values when they change. */
export function select(item, place, chosen = () => {}) {
  const many = (item.max_values ?? 1) > 1;
  const preset = new Set((item.default_values ?? []).map((each) => each.id));
  const options = item.options ?? entities(item, place).map(([value, label]) => ({ value, label, default: preset.has(value) }));
  const placeholder = item.placeholder ?? words(place.locale).choose;
  const node = h("select", { multiple: many, disabled: Boolean(item.disabled), "aria-label": placeholder, "data-name": item.custom_id },
    many ? null : h("option", { value: "", selected: true, disabled: (item.min_values ?? 1) > 0 }, placeholder),
    options.map((each) => h("option", { value: each.value, selected: Boolean(each.default) }, each.description ? `${each.label} (${each.description})` : each.label)));
  node.addEventListener("change", () => chosen(picked(node)));
  return node;
}

export const picked = (node) => [...node.selectedOptions].map((option) => option.value).filter(Boolean);

export function entities(item, place) {
  const users = Object.entries(place.names.users);
  const roles = Object.entries(place.names.roles).map(([id, name]) => [id, `@${name}`]);
  const channels = place.channels.filter((each) => !each.direct && (!item.channel_types?.length || item.channel_types.includes(each.type)));
  const lists = { 5: users, 6: roles, 7: [...users, ...roles], 8: channels.map((each) => [each.id, `# ${each.name}`]) };
  return lists[item.type] ?? [];
}

function embed(item, place) {
  const node = h("div.container", {},
    item.author ? h("div.subtext", {}, item.author.name) : null,
    item.title ? h("h4", {}, item.url ? h("a", { href: item.url, target: "_blank", rel: "noreferrer noopener" }, item.title) : item.title) : null,
    item.description ? markdown(item.description, place) : null,
    (item.fields ?? []).map((each) => h("div", {}, h("b", {}, each.name), markdown(each.value, place))),
    item.image ? h("img.picture", { src: item.image.url, alt: "" }) : null,
    item.footer ? h("div.subtext", {}, item.footer.text) : null);
  node.style.borderLeftColor = colour(item.color);
  return node;
}

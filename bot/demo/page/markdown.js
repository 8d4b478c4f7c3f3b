// Discord's markdown as elements. `place` knows names, the language, and how to open a channel.
import { h } from "./dom.js";

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const STYLES = {
  t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
};
const inner = String.raw`((?:\\.|[^\\])+?)`;
const rule = (source, make) => [new RegExp(`^${source}`, "su"), make];
const wrap = (tag) => (match, place) => h(tag, {}, inline(match[1], place));

const RULES = [
  rule(String.raw`\\([^\p{L}\p{N}\s])`, (match) => match[1]),
  rule("([✅❌])", (match) => h(`span.${match[1] === "✅" ? "good" : "bad"}`, { role: "img", "aria-label": match[1] }, match[1] === "✅" ? "✔" : "✘")),
  rule("`([^`]+)`", (match) => h("code", {}, match[1])),
  rule(String.raw`\*\*\*${inner}\*\*\*`, (match, place) => h("b", {}, h("i", {}, inline(match[1], place)))),
  rule(String.raw`\*\*${inner}\*\*(?!\*)`, wrap("b")),
  rule(`__${inner}__(?!_)`, wrap("u")),
  rule(String.raw`\*(?=\S)${inner}\*(?!\*)`, wrap("i")),
  rule(String.raw`_${inner}_(?![\p{L}\p{N}_])`, wrap("i")),
  rule(`~~${inner}~~`, wrap("s")),
  rule(String.raw`\|\|${inner}\|\|`, (match, place) => spoiler(inline(match[1], place))),
  rule(String.raw`\[((?:\\.|[^\\\]])+)\]\(<?(https?:\/\/[^\s<>)]+)>?\)`, (match, place) => link(match[2], inline(match[1], place), place)),
  rule("<(https?:\\/\\/[^\\s<>]+)>", (match, place) => link(match[1], match[1], place)),
  rule(String.raw`https?:\/\/[^\s<]+[^\s<.,:;"')\]]`, (match, place) => link(match[0], match[0], place)),
  rule("<@!?(\\d+)>", (match, place) => h("span.mention", {}, `@${place.names.users[match[1]] ?? "unknown-user"}`)),
  rule("<@&(\\d+)>", (match, place) => h("span.mention", {}, `@${place.names.roles[match[1]] ?? "unknown-role"}`)),
  rule("<#(\\d+)>", (match, place) => channel(match[1], place)),
  rule("<t:(-?\\d+)(?::([tTdDfFR]))?>", (match, place) => moment(Number(match[1]), match[2] ?? "f", place.locale)),
  rule("</([^:>]+):\\d+>", (match) => h("span.mention", {}, `/${match[1]}`)),
  rule("[^\\\\`*_~|\\[<h✅❌]+", (match) => match[0]),
];

export function inline(text, place) {
  const parts = [];
  for (let rest = text, before = ""; rest; ) {
    let taken = rest[0];
    let part = taken;
    for (const [pattern, make] of RULES) {
      const match = pattern.exec(rest);
      if (!match || (match[0][0] === "_" && /[\p{L}\p{N}]/u.test(before))) continue;
      [taken, part] = [match[0], make(match, place)];
      break;
    }
    parts.push(part);
    before = taken.at(-1);
    rest = rest.slice(taken.length);
  }
  return parts;
}

export function markdown(text, place) {
  const blocks = text.split(/```(?:[\w+-]*\n)?([\s\S]+?)```/);
  return h("div.markdown", {}, blocks.map((block, at) => (at % 2 ? h("pre", {}, h("code", {}, block)) : lines(block, place))));
}

function lines(text, place, quoted = false) {
  const made = [];
  let open = null; // what the next line may continue
  const begin = (kind, what, attributes) => made.push((open = { kind, texts: [], node: h(what, { dir: "auto", ...attributes }) }).node);
  for (const line of text.replace(/^\n+|\n+$/g, "").split("\n")) {
    const heading = /^(#{1,3}|-#) +(.+)$/.exec(line);
    const quote = quoted ? null : /^> ?(.*)$/.exec(line);
    const item = /^\s*(?:[-*]|(\d+)\.) +(.+)$/.exec(line);
    const kind = heading ? "heading" : quote ? "quote" : item ? (item[1] ? "ol" : "ul") : "p";
    if (heading) begin(kind, heading[1] === "-#" ? "div.subtext" : `h${heading[1].length + 2}`);
    else if (open?.kind !== kind) begin(kind, quote ? "blockquote" : kind, { start: item?.[1] });
    else if (kind === "p") open.node.append("\n");
    if (quote) open.node.replaceChildren(...lines([...open.texts, quote[1]].join("\n"), place, true));
    else open.node.append(...(item && !heading ? [h("li", { dir: "auto" }, inline(item[2], place))] : inline(heading?.[2] ?? line, place)));
    open.texts.push(quote?.[1]);
  }
  return made;
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add("shown");
  return h("span.spoiler", { tabindex: "0", role: "button", "aria-label": "Spoiler", onclick: show, onkeydown: show }, h("span", {}, children));
}

function link(url, children, place) {
  const inside = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/.exec(url);
  if (inside) return h("a", { href: "#", onclick: (event) => { event.preventDefault(); place.open(inside[1], inside[2]); } }, children);
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, children);
}

function channel(id, place) {
  const name = place.channels.find((each) => each.id === id)?.name;
  if (!name) return h("span.mention", {}, "# no access");
  return h("button.mention", { onclick: () => place.open(id) }, `# ${name}`);
}

function moment(seconds, style, locale) {
  const node = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: new Date(seconds * 1000).toLocaleString(locale) });
  node.keepCurrent = () => { node.textContent = style === "R" ? ago(seconds, locale) : new Intl.DateTimeFormat(locale, STYLES[style]).format(seconds * 1000); };
  node.keepCurrent();
  return node;
}

function ago(seconds, locale) {
  const distance = Math.round(seconds - Date.now() / 1000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(distance) >= each) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(distance / size), unit);
}

setInterval(() => document.querySelectorAll("time").forEach((node) => node.keepCurrent?.()), 1000);

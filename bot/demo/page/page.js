// The page: two panes, each one person's view of the simulated Discord, and the list of channels beside them.
import { composer } from "./composer.js";
import { act, ask, h, STOPPED, words } from "./dom.js";
import { openForm } from "./form.js";
import { avatar, message } from "./message.js";

const $ = (selector) => document.querySelector(selector);
const FIRST = [{ person: 0, channel: "articles", top: true }, { person: 2, channel: "review" }]; // who and where at the start
const read = new Map(); // person and channel → last message seen
let run; // of the demo: when it changes, this page is out of date

class Pane {
  constructor(node, side) {
    [this.node, this.side] = [node, side];
    this.channelId = "";
    this.failures = new Map(); // message id → what went wrong with the last press
    this.drawn = new Map(); // message id → what was drawn, and the element
    this.opened = new Map(); // person id → the channel they had open
    node.append($("#pane").content.cloneNode(true));
    [this.who, this.news, this.where, this.messages, this.composer] = [".person", ".news", ".where", ".messages", ".composer"].map((each) => node.querySelector(each));
    this.atEnd = true;
    this.messages.addEventListener("scroll", () => { this.atEnd = this.messages.scrollHeight - this.messages.scrollTop - this.messages.clientHeight < 80; });
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(this.messages);
    this.who.addEventListener("change", () => this.become(this.who.value));
    node.addEventListener("focusin", () => activate(this));
    node.addEventListener("mousedown", () => activate(this));
  }

  // What messages and forms need to know

  get me() { return this.state.me; }
  get locale() { return this.state.me.locale; }
  get names() { return this.state.names; }
  get channels() { return this.state.channels; }

  // Acting

  open(channelId, messageId) {
    if (!this.channels.some((each) => each.id === channelId)) return this.complain("This person does not see that channel.");
    this.channelId = channelId;
    this.opened.set(this.me.id, channelId);
    show(String(this.side));
    this.refresh().then(() => this.messages.querySelector(`[data-id="${messageId}"]`)?.scrollIntoView({ block: "center" }));
  }

  become(personId) {
    [this.personId, this.channelId] = [personId, this.opened.get(personId) ?? this.channelId];
    this.refresh();
  }

  async press(payload, item, button) {
    if (button.ariaBusy) return; // a disabled button would lose the focus
    button.ariaBusy = "true";
    await this.acted("press", payload, { name: item.custom_id });
    button.ariaBusy = null;
  }

  choose(payload, item, values) {
    if (values.length >= (item.min_values ?? 1)) this.acted("choose", payload, { name: item.custom_id, values });
  }

  async acted(name, payload, body) {
    this.failures.delete(payload.id);
    try {
      const answer = await act(name, { person: this.me.id, where: this.channelId, message: payload.id, ...body });
      if (answer.kind === "failed") throw new Error(words(this.locale).failed);
      this.answered(answer);
    } catch (error) {
      this.failures.set(payload.id, error.message);
      this.refresh();
    }
  }

  answered(answer) {
    if (answer.form) openForm(answer.form, this);
    else if (answer.kind === "failed") this.complain(words(this.locale).failed);
    this.follow = answer.kind === "message" || answer.kind === "deferred";
    this.refresh();
  }

  dismiss(payload) { act("dismiss", { person: this.me.id, message: payload.id }).catch((error) => this.complain(error.message)); }

  complain(sentence) {
    const toast = $("#toast");
    [toast.hidden, toast.textContent] = [false, sentence];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { toast.hidden = true; }, 5000);
  }

  // Seeing

  async refresh() {
    if (this.asking) { this.again = true; return this.asking; }
    this.asking = this.fetch().finally(() => { this.asking = null; });
    await this.asking;
    if (this.again) { this.again = false; await this.refresh(); }
  }

  async fetch() {
    const query = new URLSearchParams({ person: this.personId ?? "", channel: this.channelId });
    const state = await ask(`/demo/state?${query}`);
    if (!state) return banner(STOPPED);
    if (run && state.run !== run) return location.reload();
    [run, this.state] = [state.run, state];
    this.personId ??= state.people[FIRST[this.side].person].id;
    if (this.personId !== state.me.id) return this.fetch();
    if (!state.channel) {
      const preferred = state.channels.find((each) => each.name === FIRST[this.side].channel) ?? state.channels[0];
      if (preferred && preferred.id !== this.channelId) { this.channelId = preferred.id; return this.fetch(); }
    }
    if (!state.ready) this.wanted = FIRST[this.side].channel;
    else if (this.wanted) [this.wanted, this.channelId] = [null, state.channels.find((each) => each.name === this.wanted)?.id ?? this.channelId];
    if (state.ready && this.channelId !== state.channel?.id) return this.fetch();
    this.draw(state);
  }

  draw(state) {
    const people = state.people.map((each) => h("option", { value: each.id, selected: each.id === state.me.id }, `${each.name} · ${each.part}`));
    if (this.who.options.length !== people.length || this.shownPeople !== JSON.stringify(state.people)) this.who.replaceChildren(...people);
    [this.shownPeople, this.who.value] = [JSON.stringify(state.people), state.me.id];
    if (state.channel) {
      this.drawHead(state.channel);
      this.drawMessages(state);
      this.drawComposer(state);
      if (this.isShown()) read.set(state.me.id + state.channel.id, state.channel.last);
    }
    for (const pane of panes) if (pane.state) pane.drawNews();
    if (active.state) drawList(active);
    drawFrame(state);
  }

  isShown() { return this.node.offsetParent !== null; }

  isUnread(channel) {
    const here = channel.id === this.channelId && this.isShown();
    return !here && channel.last > this.state.since && read.get(this.me.id + channel.id) !== channel.last;
  }

  /** Channels with something new, the direct message first. */
  unread() { return this.channels.filter((each) => this.isUnread(each)).sort((one, other) => Number(other.direct) - Number(one.direct)); }

  drawNews() {
    const [first] = this.unread().filter((each) => each.id !== this.channelId);
    const label = first && `${words(this.locale).unread}: ${sign(first)} ${first.name}`;
    if (this.newsLabel === label) return;
    this.newsLabel = label;
    this.news.replaceChildren(...(first ? [h("button", { title: label, "aria-label": label, onclick: () => this.open(first.id) }, dot(), h("span", {}, `${sign(first)} ${first.name}`))] : []));
  }

  drawHead(channel) {
    const parent = this.channels.find((each) => channel.thread && each.id === channel.parent);
    this.where.replaceChildren(...(parent ? [h("button.plain", { onclick: () => this.open(parent.id) }, `# ${parent.name}`), " › "] : []), `${sign(channel)} ${channel.name}`);
  }

  drawMessages(state) {
    const box = this.messages;
    const view = state.me.id + state.channel.id;
    const [moved, atEnd] = [this.view !== view, this.atEnd];
    if (moved) [this.drawn, this.view] = [new Map(), view];
    const begins = !this.drawn.size;
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const kept = new Map();
    for (const payload of state.messages) {
      const key = JSON.stringify([payload, this.failures.get(payload.id), state.names, state.channels.map((each) => each.name)]);
      const old = this.drawn.get(payload.id);
      kept.set(payload.id, old?.key === key ? old : { key, node: message(payload, this) });
    }
    this.drawn = kept;
    const nodes = [...kept.values()].map((each) => each.node);
    if (!nodes.length) nodes.push(h("p.empty", {}, `${words(this.locale).start} ${sign(state.channel)}${state.channel.name}. ${words(this.locale).none}`));
    const [same, now] = [[...box.childNodes], nodes];
    if (same.length !== now.length || same.some((node, at) => node !== now[at])) {
      const place = box.scrollTop; // which a browser forgets with the last child
      box.replaceChildren(...nodes);
      box.scrollTop = place;
    }
    if (focused && document.activeElement === document.body) box.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const first = state.ready && !this.begun && FIRST[this.side].top;
    this.begun ||= state.ready;
    if (first || (begins && state.messages.length === 1)) this.toTop(); // an article is read from its headline
    else if (moved || this.follow || atEnd) this.toEnd();
  }

  toTop() {
    const awaited = [...this.messages.querySelectorAll("img")].filter((image) => !image.complete);
    const fits = () => { this.atEnd = this.messages.scrollHeight <= this.messages.clientHeight && awaited.every((image) => image.complete); };
    [this.follow, this.messages.scrollTop] = [false, 0];
    fits();
    for (const image of awaited) image.addEventListener("load", () => { if (!this.messages.scrollTop) fits(); }, { once: true });
  }

  toEnd() {
    this.follow = false;
    const down = () => { this.messages.scrollTop = this.messages.scrollHeight; };
    down();
    for (const image of this.messages.querySelectorAll("img")) if (!image.complete) image.addEventListener("load", down, { once: true });
  }

  drawComposer(state) {
    const key = JSON.stringify([state.me, state.channel.id, state.channel.may_write, state.commands]);
    if (this.composerKey !== key) composer(this.composer, state, this);
    this.composerKey = key;
  }
}

const dot = () => h("span.unread", { role: "img", "aria-label": "unread" });
const sign = (channel) => (channel.direct ? "@" : channel.thread ? "↳" : "#");
const panes = [...document.querySelectorAll(".pane")].map((node, side) => new Pane(node, side));
let active = panes[0];

function activate(pane) {
  active = pane;
  for (const each of panes) each.node.classList.toggle("active", each === pane);
  if (pane.state) drawList(pane);
}

function drawList(pane) {
  $("#tabs button").textContent = `Channels: ${pane.me.name.split(" ")[0]}`;
  $("#list-title").replaceChildren(avatar(pane.me.name, ""), h("span", {}, `What ${pane.me.name} sees`));
  const entries = pane.channels.map((channel) => {
    const kind = channel.thread ? "entry.thread-entry" : "entry";
    return h(`button.${kind}`, { "aria-current": channel.id === pane.channelId ? "true" : null, onclick: () => pane.open(channel.id), title: channel.name },
      h("span.sign", { "aria-hidden": "true" }, sign(channel)), h("span.name", {}, channel.name), pane.isUnread(channel) ? dot() : null);
  });
  const direct = pane.channels.findIndex((each) => each.direct);
  if (direct >= 0) entries.splice(direct, 0, h("h3", {}, "Direct messages"));
  const focused = document.activeElement?.closest("#list") ? document.activeElement.title : null;
  $("#list").replaceChildren(h("h3", {}, "Channels"), ...entries);
  if (focused) [...$("#list").querySelectorAll("button")].find((each) => each.title === focused)?.focus();
}

function drawFrame(state) {
  state.steps.forEach((done, at) => {
    const item = $("#steps").children[at];
    item.classList.toggle("done", done);
    item.classList.toggle("next", !done && state.steps.indexOf(false) === at);
  });
  const tabs = document.querySelectorAll("#tabs button");
  for (const pane of panes) if (pane.state) tabs[pane.side + 1].replaceChildren(pane.me.name, pane.unread().length ? dot() : "");
  banner(state.ready ? state.steps.every(Boolean) && "That was the whole path. Now be Vera, who reads the bot in Russian, or type / for the commands." : "The bot is starting and reads the sample article…");
}

function banner(sentence) {
  $("#banner").hidden = !sentence;
  $("#banner").textContent = sentence || "";
}

function show(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("#tabs button")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  if (tab === "list") return;
  activate(panes[Number(tab)]);
  panes[Number(tab)].refresh(); // what stands there is read now
}

document.querySelectorAll("#tabs button").forEach((button) => button.addEventListener("click", () => show(button.dataset.tab)));
show("0");

function listen() {
  const events = new EventSource("/demo/events");
  events.onmessage = () => panes.forEach((pane) => pane.refresh());
  events.onerror = () => {
    banner(STOPPED);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000); // some browsers give up at once
  };
}
listen();

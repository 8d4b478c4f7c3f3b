// Making elements, asking the server, and the few words of the client itself in the person's language.

/** h("p.small", {title: "…"}, "text", node): text always becomes a text node, never markup. */
export function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const STOPPED = "The demo has stopped. Start it again in the terminal, and this page comes back.";

/** Ask the demo; returns its answer, or null when it does not run. */
export const ask = (address, options) => fetch(address, options).then((answer) => answer.json()).catch(() => null);

/** Post an act; returns the answer, or throws an Error with one sentence. */
export async function act(name, body) {
  const result = await ask(`/demo/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!result || result.error) throw new Error(result?.error ?? STOPPED);
  return result;
}

export async function readFile(file) {
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(file);
  });
  return { name: file.name, data: address.slice(address.indexOf(",") + 1) };
}

const ENGLISH = {
  ephemeral: "Only you can see this", dismiss: "Dismiss message", failed: "This interaction failed",
  thinking: "is thinking…", sealed: "You do not have permission to send messages in this channel.",
  write: "Message", cancel: "Cancel", submit: "Submit", see: "See discussion", app: "APP",
  choose: "Make a selection", none: "Nothing here yet.", start: "This is the beginning of", today: "Today at",
  form: "This form will be submitted to Standfirst. Do not share passwords or other sensitive information.",
  retry: "Something went wrong. Try again.", commands: "Use a command", nocommand: "No such command.", unread: "Unread",
};
const RUSSIAN = {
  ephemeral: "Это видите только вы", dismiss: "Убрать сообщение", failed: "Ошибка взаимодействия",
  thinking: "думает…", sealed: "У вас нет права отправлять сообщения в этом канале.",
  write: "Написать в", cancel: "Отмена", submit: "Отправить", see: "Открыть обсуждение", app: "БОТ",
  choose: "Выберите", none: "Здесь пока ничего нет.", start: "Это начало канала", today: "Сегодня, в",
  form: "Форма будет отправлена в Standfirst. Не сообщайте паролей и других личных данных.",
  retry: "Что-то пошло не так. Попробуйте ещё раз.", commands: "Команды", nocommand: "Такой команды нет.", unread: "Не прочитано",
};
export const words = (locale) => (locale === "ru" ? RUSSIAN : ENGLISH);

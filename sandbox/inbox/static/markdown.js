/* The markdown of the text component: links and bold, nothing else
   (developers.intercom.com/docs/references/canvas-kit/presentationcomponents/text). A backslash takes a character's meaning away. */
import { el } from "./dom.js";

const PIECES = /\\([\\`*_{}[\]()#+\-.!<>~|&"'$%,/:;=?@^])|\*\*((?:\\.|[^\\])+?)\*\*|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s)]+)\)/gu;

export function marked(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(PIECES)) {
    nodes.push(text.slice(done, match.index));
    const [whole, escaped, bold, label, url] = match;
    if (escaped !== undefined) nodes.push(escaped);
    else if (bold !== undefined) nodes.push(el("b", {}, ...marked(bold)));
    else nodes.push(el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...marked(label)));
    done = match.index + whole.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}

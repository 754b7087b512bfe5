/* The markdown of the text component: links and bold, nothing else
   (developers.intercom.com/docs/references/canvas-kit/presentationcomponents/text). No escape is documented, so none is known here. */
import { el } from "./dom.js";

const PIECES = /\*\*(.+?)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/gsu;

export function marked(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(PIECES)) {
    nodes.push(text.slice(done, match.index));
    const [whole, bold, label, url] = match;
    if (bold !== undefined) nodes.push(el("b", {}, ...marked(bold)));
    else nodes.push(el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...marked(label)));
    done = match.index + whole.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}

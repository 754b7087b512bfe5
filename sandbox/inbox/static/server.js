/* The simulator's own server: it signs and sends what the page asks for, so that the secret stays there. */

const PATIENCE_MS = 13_000; // the server gives up after 10 s; the rest is for the way back

async function asked(path, body, signal) {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem ?? `Status ${response.status}`);
  return answer;
}

export const conversations = () => asked("conversations");
export const open = (request, signal) => asked("open", request, signal);
export const submit = (request, signal) => asked("submit", request, signal);
export const conditions = () => asked("conditions");
export const setConditions = (change) => asked("conditions", change);
export const reply = (request) => asked("reply", request);
export const act = (request) => asked("act", request);
export const live = (request, signal) => asked(`live?${new URLSearchParams(request)}`, undefined, signal);

/** Requests to the page's own server. */

async function problemOf(response) {
  const answer = await response.json().catch(() => ({}));
  return answer.error ?? `The sandbox answered ${response.status}.`;
}

/** The answer to a GET. Throws with the server's words where it refuses. */
export async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await problemOf(response));
  return response;
}

/** Does something; gives what there is to say of it. Throws with the server's words where it refuses. */
export async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await problemOf(response));
  return (await response.json()).said;
}

const said = document.getElementById('said');
let fading;

/** Tells what was done, or why it was not, for a while. */
function say(text, { ill = false } = {}) {
  clearTimeout(fading);
  said.textContent = text;
  said.classList.toggle('ill', ill);
  fading = setTimeout(() => (said.textContent = ''), 12_000);
}

/** Does something and tells the outcome. Gives whether it was done. */
export async function act(path, body) {
  try {
    const words = await post(path, body);
    if (words !== '') say(words);
    return true;
  } catch (error) {
    say(error.message, { ill: true });
    return false;
  }
}

/**
 * Runs `work` now, or once more after the run that is under way: however often it is called meanwhile, and never
 * twice at the same time.
 */
export function oneAtATime(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = work().finally(() => {
      running = null;
      if (again) {
        again = false;
        return run();
      }
    });
    return running;
  };
}
